import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ChevronRight } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { demoPeople, type DemoPerson } from '../../src/api/session.js';
import { explain, Problem } from '../../src/api/problem.js';
import { language, msg } from '../../src/i18n/index.js';
import { field } from '../../src/ui/field.js';
import { Question } from '../question.js';
import type { SignedIn } from '../session.js';
import { settingsRow } from '../settings-row.js';
import { settings } from '../shell-styles.js';
import { page } from '../styles.js';
import { initials } from '../words.js';

/** Who are you? In the demo one of its people, elsewhere whoever the token says. */
export class SignInPage extends MediaElement {
  static readonly tag = 'sign-in-page';

  @property({ attribute: false }) signedIn!: SignedIn;
  @state() private busy = '';
  @state() private problem: unknown = null;

  readonly #people = new Question<DemoPerson[]>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#people.ask(() => demoPeople(this.signedIn.api));
  }

  async #enter(as: { person: string } | { token: string }): Promise<void> {
    if (this.busy) return;
    this.busy = 'person' in as ? as.person : 'token';
    this.problem = null;
    try {
      await this.signedIn.enter(as);
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = '';
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    const token = new FormData(event.target as HTMLFormElement).get('token');
    if (typeof token === 'string' && token.trim()) void this.#enter({ token: token.trim() });
  }

  protected override render(): TemplateResult {
    const people = this.#people.value;
    return html`
      <main>
        <header>
          <img src="/icon.svg" alt="" />
          <h1>${msg('Clínica')}</h1>
          ${this.signedIn.hasExpired
            ? html`<p class="notice warning" role="status">${msg('La sesión ha caducado. Vuelve a entrar y sigues donde estabas.')}</p>`
            : nothing}
        </header>
        ${this.problem ? html`<p class="notice danger" role="alert">${this.#said(this.problem)}</p>` : nothing}
        ${people === undefined ? this.#people.instead(bones()) : people.length > 0 ? this.#choose(people) : this.#token()}
        <footer>${settingsRow(() => this.requestUpdate())}</footer>
      </main>
    `;
  }

  #said(problem: unknown): string {
    const refused = problem instanceof Problem && problem.status === 401;
    return refused ? msg('Con eso no se puede entrar. Puede que el token haya caducado.') : explain(problem);
  }

  #choose(people: readonly DemoPerson[]): TemplateResult {
    return html`
      <p class="lead">${msg('Es una clínica de muestra. ¿Como quién quieres entrar?')}</p>
      <ul class="people">
        ${people.map(
          (person) => html`
            <li>
              <button type="button" aria-busy=${this.busy === person.id} @click=${() => void this.#enter({ person: person.id })}>
                <span class="avatar" aria-hidden="true">${initials(person.name)}</span>
                <span class="about">
                  <span class="name">${person.name}</span>
                  <span class="role">${person.label[language()] ?? person.role}</span>
                  <span class="text">${person.description[language()] ?? nothing}</span>
                </span>
                ${icon(ChevronRight)}
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }

  #token(): TemplateResult {
    const control = html`<input id="token" name="token" type="password" autocomplete="off" required spellcheck="false" />`;
    const hint = msg('Lo da el sistema de la clínica, o el comando clinic-media token.');
    return html`
      <form @submit=${this.#submitted}>
        ${field({ id: 'token', label: msg('Token de acceso'), control, hint })}
        <button class="button primary" type="submit" aria-disabled=${this.busy !== ''}>${msg('Entrar')}</button>
      </form>
    `;
  }

  static override styles = [
    ...page,
    settings,
    css`
      :host {
        display: grid;
        min-block-size: 100dvh;
        padding: var(--cm-space-8) var(--cm-space-4);
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-6);
        align-self: center;
        justify-self: center;
        inline-size: min(30rem, 100%);
      }
      header {
        display: grid;
        gap: var(--cm-space-3);
        justify-items: start;
      }
      header img {
        inline-size: 2.5rem;
        block-size: 2.5rem;
      }
      .lead {
        color: var(--cm-text-2);
      }
      .people {
        display: grid;
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
        overflow: hidden;
      }
      .people li + li {
        border-block-start: 1px solid var(--cm-border);
      }
      .people button {
        display: flex;
        align-items: center;
        gap: var(--cm-space-3);
        inline-size: 100%;
        padding: var(--cm-space-3) var(--cm-space-4);
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      .people button:hover {
        background: var(--cm-hover);
      }
      .people button:focus-visible {
        outline-offset: -2px;
        box-shadow: none;
      }
      .people button > .icon {
        color: var(--cm-text-3);
      }
      .about {
        display: grid;
        flex: 1;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 var(--cm-space-3);
        min-inline-size: 0;
      }
      .name {
        font-weight: 600;
      }
      .role,
      .text {
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
      }
      .text {
        grid-column: 1 / -1;
      }
      form {
        display: grid;
        gap: var(--cm-space-4);
        padding: var(--cm-space-6);
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
      }
      footer {
        display: flex;
        justify-content: center;
      }
    `,
  ];
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(SignInPage);

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-page': SignInPage;
  }
}
