import type { Api } from './client.js';
import { Problem } from './problem.js';
import type { One } from './types.js';

/** Who is signed in at the service itself, by a cookie that scripts cannot read. */
export interface Session {
  user_id: string;
  name: string;
  roles: string[];
  permissions: string[];
  /** What an account may do to each of its patients; staff may do to all what `permissions` says. */
  grants: Readonly<Record<string, readonly string[]>>;
  clinic_id: string;
  csrf_token: string;
  expires_at: string;
}

/** Somebody of the demo clinic, whom anyone may be. */
export interface DemoPerson {
  id: string;
  name: string;
  role: string;
  label: Readonly<Record<string, string>>;
  description: Readonly<Record<string, string>>;
}

/** Null: nobody is signed in. */
export async function getSession(api: Api): Promise<Session | null> {
  try {
    return (await api.json<One<Session>>('session')).data;
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  }
}

export async function signIn(api: Api, as: { person: string } | { token: string }): Promise<Session> {
  return (await api.json<One<Session>>('session', { method: 'POST', body: as })).data;
}

export async function signOut(api: Api): Promise<void> {
  await api.fetch('session', { method: 'DELETE' });
}

/** Empty where this is no demo. */
export async function demoPeople(api: Api): Promise<DemoPerson[]> {
  return (await api.json<One<DemoPerson[]>>('session/people')).data;
}
