import { ContextProvider } from '@lit/context';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { LogOut, Menu } from 'lucide';
import { define, icon, MediaElement } from '../src/base/index.js';
import type { Session } from '../src/api/session.js';
import { focused } from '../src/controllers/focus-return.js';
import { layerClosed, layerOpened } from '../src/controllers/layers.js';
import { msg } from '../src/i18n/index.js';
import { errorState } from '../src/ui/states.js';
import { destinations } from './navigation.js';
import { go, Router } from './router.js';
import { sessionContext, SignedIn } from './session.js';
import { settingsRow } from './settings-row.js';
import { styles } from './shell-styles.js';
import { titleOf, view } from './views/index.js';
import { roleName } from './roles.js';
import './views/sign-in.js';

/** The app around the views: who is signed in, where things are, what is shown. */
export class ClinicApp extends MediaElement {
  static readonly tag = 'clinic-app';
  static override styles = [...styles];

  @query('.drawer') private drawer!: HTMLDialogElement | null;
  @query('main') private main!: HTMLElement | null;

  readonly #signedIn = new SignedIn(this);
  readonly #router = new Router(this, (fresh) => void this.#moved(fresh));
  readonly #session = new ContextProvider(this, { context: sessionContext });

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { now } = this.#signedIn;
    if (now) this.#session.setValue(now);
    const { parts } = this.#router.place;
    if (now && parts.length === 0) go('/patients', { replace: true });
    document.title = now ? `${titleOf(parts)} · clinic-media` : 'clinic-media';
  }

  /** Another page: whoever cannot see it hears where they are. Elsewhere the focus moves only where it would be lost. */
  async #moved(fresh: boolean): Promise<void> {
    this.#closeDrawer();
    await this.updateComplete;
    if (fresh || focused() === null) this.main?.focus({ preventScroll: true });
  }

  #openDrawer(): void {
    if (!this.drawer) return;
    this.drawer.showModal();
    layerOpened(this.drawer);
  }

  #closeDrawer(): void {
    if (!this.drawer?.open) return;
    layerClosed(this.drawer);
    this.drawer.close();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { now, problem } = this.#signedIn;
    if (problem) return html`<main>${errorState(problem, () => void this.#signedIn.find())}</main>`;
    if (now === undefined) return nothing;
    if (now === null) return html`<sign-in-page .signedIn=${this.#signedIn}></sign-in-page>`;
    return this.#frame(now);
  }

  #frame(session: Session): TemplateResult {
    const { place } = this.#router;
    const pressed = (event: Event): void => {
      if (event.target === this.drawer) this.#closeDrawer();
    };
    return html`
      <nav aria-label=${msg('Atajos')}>
        <button class="button primary skip" type="button" @click=${() => this.main?.focus()}>${msg('Saltar al contenido')}</button>
      </nav>
      <div class="frame">
        <header class="bar">
          <button class="button quiet square" type="button" aria-label=${msg('Menú')} @click=${() => this.#openDrawer()}>${icon(Menu)}</button>
          <a class="brand" href="/patients"><img src="/icon.svg" alt="" />${msg('Clínica')}</a>
        </header>
        <aside class="side">${this.#side(session)}</aside>
        <main tabindex="-1" aria-label=${titleOf(place.parts)}>${view(place)}</main>
      </div>
      <dialog class="drawer" aria-label=${msg('Menú')} @pointerdown=${pressed} @close=${() => this.drawer && layerClosed(this.drawer)}>
        <div class="side">${this.#side(session)}</div>
      </dialog>
    `;
  }

  #side(session: Session): TemplateResult {
    const here = this.#router.place.parts[0];
    return html`
      <a class="brand" href="/patients"><img src="/icon.svg" alt="" />${msg('Clínica')}</a>
      <nav aria-label=${msg('Secciones')}>
        <ul>
          ${destinations(session).map(
            ({ key, label, icon: picture }) => html`
              <li><a href="/${key}" aria-current=${key === here ? 'page' : nothing} @click=${() => this.#closeDrawer()}>${icon(picture)}${label}</a></li>
            `,
          )}
        </ul>
      </nav>
      <div class="me">
        <div class="person">
          <div>
            <p class="name">${session.name}</p>
            <p class="role">${session.roles.map(roleName).join(', ')}</p>
          </div>
          <button
            class="button quiet square"
            type="button"
            aria-label=${msg('Cerrar sesión')}
            data-tip=${msg('Cerrar sesión')}
            @click=${() => void this.#signedIn.leave()}
          >
            ${icon(LogOut)}
          </button>
        </div>
        ${settingsRow(() => this.requestUpdate())}
      </div>
    `;
  }
}

define(ClinicApp);

declare global {
  interface HTMLElementTagNameMap {
    'clinic-app': ClinicApp;
  }
}
