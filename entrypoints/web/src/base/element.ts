import { LitElement, type CSSResultGroup, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { updateWhenLocaleChanges } from '@lit/localize';
import { Api, pageApi, type TokenSource } from '../api/client.js';
import { useLanguage } from '../i18n/index.js';
import { reset } from './styles.js';
import { adoptTokens } from './theme.js';

/**
 * What every element has: where the service is, who is asking, the language.
 *
 * Without any of the attributes an element uses what `configure({apiBase, token, getToken})` said for the page, and
 * without that `/api/v1` of its own origin with the session's cookie.
 */
export abstract class MediaElement extends LitElement {
  static override styles: CSSResultGroup = reset;

  /** Address of the service's API, for example `https://media.example.org/api/v1`. */
  @property({ attribute: 'api-base' }) apiBase?: string;

  /** Bearer token. */
  @property() token?: string;

  /** Asked for a bearer token before a request, and again after a 401; may be asynchronous. */
  @property({ attribute: false }) getToken?: TokenSource;

  /** `es` or `en`; one language for the whole page. Without it, the `lang` of the page. */
  @property() locale?: string;

  /** Set by an element on the elements that it contains; goes before the three above. */
  @property({ attribute: false }) client?: Api;

  #own?: Api;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
  }

  override connectedCallback(): void {
    adoptTokens();
    super.connectedCallback();
    useLanguage(this.locale);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale') && this.locale) useLanguage(this.locale);
    if (changed.has('apiBase') || changed.has('token') || changed.has('getToken')) this.#own = undefined!;
  }

  /** The client that this element asks. */
  get api(): Api {
    if (this.client) return this.client;
    if (this.apiBase === undefined && this.token === undefined && this.getToken === undefined) return pageApi();
    this.#own ??= pageApi().with({ apiBase: this.apiBase, token: this.token, getToken: this.getToken });
    return this.#own;
  }
}
