import type { Api } from '../src/api/client.js';
import { everyPatient } from '../src/api/directory.js';
import { demoPeople, type Session } from '../src/api/session.js';

/** What patients are called, by their ids; empty where the directory does not answer: their ids do then. */
export async function patientNames(api: Api): Promise<ReadonlyMap<string, string>> {
  const patients = await everyPatient(api).catch(() => []);
  return new Map(patients.map(({ id, display_name: name }) => [id, name]));
}

/** What users are called, by their ids, as far as this page can know: whoever is signed in, and the people of the demo. */
export async function userNames(api: Api, session: Session | undefined): Promise<ReadonlyMap<string, string>> {
  const people = await demoPeople(api).catch(() => []);
  const known = people.map(({ id, name }): [string, string] => [id, name]);
  return new Map(session?.name ? [...known, [session.user_id, session.name]] : known);
}
