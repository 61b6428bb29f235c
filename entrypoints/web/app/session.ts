import { createContext } from '@lit/context';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Api, configure } from '../src/api/client.js';
import { getSession, signIn, signOut, type Session } from '../src/api/session.js';
import { toastProblem } from '../src/elements/toast-stack/toasts.js';
import { msg } from '../src/i18n/index.js';
import { forgetDrafts } from '../src/state/note-draft.js';

/** Who is signed in, for every view. */
export const sessionContext = createContext<Session>(Symbol('session'));

/** Of an account: for that patient, or for one at least where none is named. */
export function may(session: Session | undefined, permission: string, patient?: string): boolean {
  const granted = patient === undefined ? undefined : session?.grants[patient];
  return (granted ?? session?.permissions)?.includes(permission) ?? false;
}

/**
 * The session at the service. The cookie is the browser's; what goes along with every change is told to all elements of
 * the page here. `now` is undefined until the service has answered.
 */
export class SignedIn implements ReactiveController {
  now: Session | null | undefined;
  /** It was there and is no more: what the person was doing is still on the screen's address. */
  hasExpired = false;
  problem: unknown = null;
  readonly api = new Api({ getCsrfToken: () => this.now?.csrf_token });

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
    configure({
      getCsrfToken: () => this.now?.csrf_token,
      getCaller: () => this.now && `${this.now.clinic_id} ${this.now.user_id}`,
      expired: () => this.#expire(),
    });
  }

  hostConnected(): void {
    void this.find();
  }

  /** Ask the service who this is. */
  async find(): Promise<void> {
    this.problem = null;
    try {
      this.#set(await getSession(this.api));
    } catch (problem) {
      this.problem = problem;
      this.host.requestUpdate();
    }
  }

  /** Throws `Problem`. */
  async enter(as: { person: string } | { token: string }): Promise<void> {
    const before = this.#last;
    const session = await signIn(this.api, as);
    if (session.user_id !== before) forgetDrafts();
    this.#set(session);
  }

  async leave(): Promise<void> {
    try {
      await signOut(this.api);
    } catch (problem) {
      toastProblem(msg('La sesión sigue abierta.'), problem, () => void this.leave());
      return;
    }
    forgetDrafts();
    this.#set(null);
  }

  #last = '';

  #set(session: Session | null): void {
    this.now = session;
    this.hasExpired = false;
    if (session) this.#last = session.user_id;
    this.host.requestUpdate();
  }

  #expire(): void {
    if (!this.now) return;
    this.now = null;
    this.hasExpired = true;
    this.host.requestUpdate();
  }
}
