import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { Check, Columns2, ImageOff } from 'lucide';
import { MediaElement } from '../../base/element.js';
import { icon } from '../../base/icons.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { labelOf } from '../../api/taxonomy.js';
import { onLongPress } from '../../controllers/long-press.js';
import { msg, str } from '../../i18n/index.js';
import { day } from '../../ui/format.js';
import { averageColour } from '../../ui/placeholder.js';
import { PhotoOpenEvent, PhotoSelectEvent, ThumbFailedEvent } from './events.js';
import { styles } from './styles.js';

/**
 * One photo as a square: title, subtype and date over it on hover and focus, a badge when it has a pair.
 *
 * @fires {PhotoOpenEvent} photo-open
 * @fires {PhotoSelectEvent} photo-select
 * @fires {ThumbFailedEvent} thumb-failed
 * @csspart image
 * @csspart overlay
 * @csspart badge
 */
export class PhotoCard extends MediaElement {
  static readonly tag = 'photo-card';
  static override styles = [...styles];

  @property({ attribute: false }) photo?: MediaDocument;
  @property({ attribute: false }) taxonomy: Taxonomy | undefined;
  /** Where the photo opens in a tab of its own. */
  @property() href = '';
  @property({ type: Boolean, reflect: true }) selected = false;
  /** Some photo is chosen: a click chooses instead of opening. */
  @property({ type: Boolean, reflect: true }) selecting = false;
  /** Within the range that a click with Shift would choose. */
  @property({ type: Boolean, reflect: true }) preview = false;
  /** Offer a check to choose it. */
  @property({ type: Boolean }) selectable = false;
  /** The one card of a grid that Tab reaches. */
  @property({ type: Boolean }) current = false;
  @state() private failed = false;
  @query('a') private link!: HTMLAnchorElement | null;

  #stopLongPress?: () => void;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopLongPress = onLongPress(this, () => this.#select(false));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopLongPress?.();
  }

  override focus(options?: FocusOptions): void {
    this.link?.focus(options);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const before = changed.get('photo') as MediaDocument | undefined;
    if (changed.has('photo') && before?.thumb_url !== this.photo?.thumb_url) this.failed = false;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('photo')) this.style.setProperty('--average', averageColour(this.photo?.placeholder));
  }

  #select(range: boolean): void {
    if (this.selectable && this.photo) this.dispatchEvent(new PhotoSelectEvent(this.photo, range));
  }

  #clicked(event: MouseEvent): void {
    if (!this.photo || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (this.selecting || (event.shiftKey && this.selectable)) this.#select(event.shiftKey);
    else this.dispatchEvent(new PhotoOpenEvent(this.photo));
  }

  #checked(event: MouseEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.#select(event.shiftKey);
  }

  #lost(): void {
    if (!this.photo) return;
    this.failed = true;
    this.dispatchEvent(new ThumbFailedEvent(this.photo));
  }

  #details(photo: MediaDocument): string[] {
    const category = labelOf(this.taxonomy, photo.media_category);
    const subtype = photo.media_subtype ? labelOf(this.taxonomy, photo.media_category, photo.media_subtype) : category;
    return [subtype, day(photo.captured_at ?? photo.created_at)].filter(Boolean);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { photo } = this;
    if (!photo) return nothing;
    const details = this.#details(photo);
    const paired = photo.paired_document_id ? [msg('con pareja')] : [];
    return html`
      <a
        href=${this.href || '#'}
        tabindex=${this.current || !this.selectable ? 0 : -1}
        aria-label=${[photo.title, ...details, ...paired].join(', ')}
        draggable="false"
        @click=${this.#clicked}
      >
        ${this.#picture(photo)}
        ${photo.paired_document_id
          ? html`<span class="badge" part="badge" title=${msg('Antes y después')}>${icon(Columns2)}</span>`
          : nothing}
        <span class="overlay" part="overlay">
          <span class="title">${photo.title}</span>
          <span class="details">${details.join(' · ')}</span>
        </span>
      </a>
      ${this.selectable ? this.#check(photo) : nothing}
    `;
  }

  #picture(photo: MediaDocument): TemplateResult {
    if (this.failed || !photo.thumb_url) return html`<span class="missing">${icon(ImageOff)}</span>`;
    const src = this.api.link(photo.thumb_url);
    return html`<img part="image" src=${src} alt="" decoding="async" draggable="false" @error=${this.#lost} />`;
  }

  #check(photo: MediaDocument): TemplateResult {
    return html`
      <label class="check" @click=${this.#checked}>
        <input
          type="checkbox"
          tabindex="-1"
          .checked=${this.selected}
          aria-label=${msg(str`Seleccionar ${photo.title}`)}
        />
        <span class="mark">${icon(Check)}</span>
      </label>
    `;
  }
}
