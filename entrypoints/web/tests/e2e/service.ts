import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const COMMAND = process.env['CLINIC_MEDIA_COMMAND'] ?? resolve('../../.venv/bin/clinic-media');
const READY_WITHIN = 180_000;

export type Tokens = Record<string, string>;

export interface Service {
  url: string;
  /** A bearer token for each role of the demo clinic: ADMIN, DENTIST, HYGIENIST, ASSISTANT, RECEPTIONIST, ACCOUNT. */
  tokens: Tokens;
  folder: string;
  port: number;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

/** The demo clinic in a folder of its own, or in one that an earlier service has left; on a free port, or a given one. */
export async function start(options: { folder?: string; port?: number } = {}): Promise<Service> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'clinic-media-e2e-'));
  const port = options.port ?? (await freePort());
  const { url, said, stop } = await run(port, ['demo'], { CLINIC_MEDIA_DATA_DIR: folder });
  const tokens = Object.fromEntries([...said().matchAll(/^export ([A-Z]+)=(\S+)$/gm)].map(([, role, token]) => [role, token]));
  return { url, tokens: tokens as Tokens, folder, port, stop };
}

/** A second server of the same clinic, which pages of another origin may ask. */
export function startFor(origin: string, folder: string, port: number): Promise<Pick<Service, 'url' | 'stop'>> {
  const config = join(folder, 'demo', 'clinic-media.toml');
  return run(port, ['serve', '--config', config], { CLINIC_MEDIA_SERVER__CORS_ORIGINS: origin });
}

async function run(
  port: number,
  command: readonly string[],
  settings: Record<string, string>,
): Promise<Pick<Service, 'url' | 'stop'> & { said: () => string }> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(COMMAND, [...command, '--port', String(port)], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that its workers end with it
  });
  let text = '';
  const said = (): string => text;
  child.stdout.on('data', (more: Buffer) => (text += more.toString()));
  child.stderr.on('data', (more: Buffer) => (text += more.toString()));
  await ready(child, `${url}/health/live`, said);
  return { url, said, stop: (signal = 'SIGTERM') => ended(child, signal) };
}

async function ready(child: ChildProcess, url: string, said: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}:\n${said()}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`The service did not answer within ${READY_WITHIN / 1_000} s:\n${said()}`);
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  process.kill(-child.pid, signal);
  return gone;
}

export function discard(service: Service): void {
  rmSync(service.folder, { recursive: true, force: true });
}
