import type { Api } from './client.js';
import { Problem } from './problem.js';
import { said, type Destination, type Fields, type UploadJob } from './upload.js';

/** An upload that was begun. `words` tells what was said of the file from anything else that might be said. */
export interface Kept {
  url: string;
  words: string;
  /** Milliseconds since 1970, when it was begun. */
  at: number;
}

/** An upload that some earlier page began, and that goes on once the same file is picked again. */
export interface Interrupted {
  spot: string;
  url: string;
  name: string;
  size: number;
  /** Bytes that the service has. */
  offset: number;
  fields: Fields;
}

interface Told {
  data: { state: string; length: number; offset: number; metadata: Record<string, string> };
}

const PREFIX = 'clinic-media upload ';
const LIFETIME = 3 * 86_400_000;
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000];
/** For this page alone, where the browser stores nothing or cannot hash. */
const here = new Map<string, Kept>();

/** Under which all uploads of one caller to one place are kept. */
async function place(api: Api, to: Destination): Promise<string> {
  return PREFIX + (await digest([api.base, api.connection.getCaller?.() ?? '', ...Object.values(to)]));
}

/** Under which the upload of a file is kept: from it nobody can tell whose file it is or what it is called. */
export async function spotOf(api: Api, to: Destination, file: File): Promise<string> {
  return `${await place(api, to)} ${await digest([file.name, file.size, file.lastModified])}`;
}

/** Tells two sets of fields apart. */
export function wordsOf(fields: Fields): Promise<string> {
  return digest(said(fields).toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

async function digest(parts: readonly unknown[]): Promise<string> {
  const text = JSON.stringify(parts);
  if (!hashes()) return text;
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Only where the page came by https, or from this machine. */
function hashes(): boolean {
  return (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;
}

export function recall(spot: string): Kept | undefined {
  const kept = here.get(spot) ?? stored().get(spot);
  if (kept) here.set(spot, kept); // this page goes on with it
  return kept;
}

export function keep(spot: string, kept: Kept): void {
  here.set(spot, kept);
  if (!hashes()) return;
  inStorage((storage) => {
    for (const [old, { at }] of stored()) if (kept.at - at > LIFETIME) storage.removeItem(old);
    storage.setItem(spot, JSON.stringify(kept));
  });
}

export function forget(spot: string): void {
  here.delete(spot);
  inStorage((storage) => storage.removeItem(spot));
}

function stored(): Map<string, Kept> {
  const found = new Map<string, Kept>();
  inStorage((storage) => {
    for (const spot of Object.keys(storage)) {
      if (spot.startsWith(PREFIX)) found.set(spot, JSON.parse(storage.getItem(spot) ?? '') as Kept);
    }
  });
  return found;
}

function inStorage(run: (storage: Storage) => void): void {
  try {
    run(localStorage);
  } catch {
    // no storage here, or it is full: what was begun is known as long as the page
  }
}

/** What earlier pages began here and did not bring to its end. What the service has forgotten is forgotten. */
export async function interrupted(api: Api, to: Destination): Promise<Interrupted[]> {
  const begins = await place(api, to);
  const kept = [...stored()].filter(([spot]) => spot.startsWith(begins) && !here.has(spot));
  const told = await Promise.all(kept.map(([spot, { url }]) => ask(api, spot, url)));
  return told.filter((one) => one !== null);
}

async function ask(api: Api, spot: string, url: string): Promise<Interrupted | null> {
  try {
    const { state, length, offset, metadata } = (await api.json<Told>(url)).data;
    if (state === 'receiving') return { spot, url, name: metadata['filename'] ?? '', size: length, offset, fields: fieldsIn(metadata) };
    forget(spot);
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 404) forget(spot);
  }
  return null;
}

const NO_FIELDS = new Set(['target', 'filename', 'filetype', 'patient_id', 'entity_type', 'entity_id']);

function fieldsIn(metadata: Record<string, string>): Fields {
  const fields = Object.entries(metadata).filter(([name]) => !NO_FIELDS.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, name === 'tags' ? value.split('\n') : value]));
}

export async function giveUp(api: Api, { to, file }: Pick<UploadJob, 'to' | 'file'>): Promise<void> {
  const spot = await spotOf(api, to, file);
  const kept = recall(spot);
  if (kept) await drop(api, spot, kept.url);
}

/** Take back what has arrived. What cannot be reached now the service drops by itself in time. */
export async function drop(api: Api, spot: string, url: string): Promise<void> {
  forget(spot);
  for (const pause of [...PAUSES, null]) {
    try {
      await api.fetch(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
      return;
    } catch (problem) {
      // The piece that was cut off may still be held for some seconds.
      if (!(problem instanceof Problem) || !problem.passing || pause === null) return;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}
