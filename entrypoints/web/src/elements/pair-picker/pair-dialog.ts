import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ArrowLeftRight, Images } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { getDocument, pairPhotos, type PhotoQuery } from '../../api/photos.js';
import { explain } from '../../api/problem.js';
import { getTaxonomy, labelOf, termLabel } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { PhotoList } from '../../controllers/photo-list.js';
import { RangeWindow } from '../../controllers/range-window.js';
import { msg, str } from '../../i18n/index.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { day } from '../../ui/format.js';
import { emptyState, errorState } from '../../ui/states.js';
import { PairedEvent } from './events.js';
import { styles } from './styles.js';

const TYPING = 250;

/** What `<pair-picker>` shows once it is opened. */
export class PairDialog extends MediaElement {
  static readonly tag = 'cm-pair-dialog';
  static override styles = [...styles];

  @property({ attribute: false }) photo?: MediaDocument;
  @property({ attribute: false }) documentId = '';
  @property({ type: Boolean }) open = false;
  @state() private taxonomy: Taxonomy | undefined;
  @state() private chosen: MediaDocument | null = null;
  @state() private swapped = false;
  @state() private text = '';
  @state() private category = '';
  @state() private saving = false;
  @state() private problem: unknown = null;

  readonly #list = new PhotoList(this);
  #typing = 0;

  constructor() {
    super();
    new RangeWindow(this, {
      boxes: () => [],
      sentinel: () => this.renderRoot.querySelector('.end'),
      end: () => void this.#list.more(),
      size: 0,
      root: () => this.renderRoot.querySelector('.photos'),
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('open') && this.open) void this.#begin();
  }

  async #begin(): Promise<void> {
    Object.assign(this, { chosen: null, swapped: false, text: '', category: '', problem: null, saving: false });
    void getTaxonomy(this.api).then(
      (taxonomy) => (this.taxonomy = taxonomy),
      () => undefined, // keys instead of labels
    );
    if (!this.photo && this.documentId) {
      this.photo = await getDocument(this.api, this.documentId).catch((problem: unknown) => {
        this.problem = problem;
        return undefined!;
      });
    }
    this.#ask();
  }

  #ask(wait = 0): void {
    const { photo } = this;
    if (!photo) return;
    const query: PhotoQuery = { pair_status: 'unpaired', q: this.text.trim() || undefined, media_category: this.category || undefined };
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => void this.#list.start(this.api, photo.patient_id, query), wait);
  }

  /** Before and after as they would be saved. */
  get #sides(): [MediaDocument, MediaDocument] | null {
    const { photo, chosen } = this;
    if (!photo || !chosen) return null;
    const time = (one: MediaDocument): string => one.captured_at ?? one.created_at;
    const inOrder = time(photo) <= time(chosen) !== this.swapped;
    return inOrder ? [photo, chosen] : [chosen, photo];
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const { photo, chosen } = this;
    const sides = this.#sides;
    if (!photo || !chosen || !sides || this.saving) return;
    this.saving = true;
    this.problem = null;
    try {
      await pairPhotos(this.api, photo.id, chosen.id, sides[0].id);
      const [before, after] = await Promise.all(sides.map(({ id }) => getDocument(this.api, id)));
      this.dispatchEvent(new PairedEvent(before as MediaDocument, after as MediaDocument));
      announce(msg('Emparejadas'));
      this.#close();
    } catch (problem) {
      this.problem = problem;
    }
    this.saving = false;
  }

  #close(event?: Event): void {
    event?.stopPropagation();
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
    else event?.preventDefault();
  }

  protected override render(): TemplateResult {
    return html`
      <cm-dialog
        size="large"
        heading=${msg(str`Pareja de «${this.photo?.title ?? ''}»`)}
        .open=${this.open}
        @dialog-close=${this.#close}
      >
        ${this.open ? html`<form id="form" @submit=${this.#save}>${this.#tools()} ${this.#photos()}</form>` : nothing}
        <div slot="footer" class="foot">${this.open ? this.#foot() : nothing}</div>
      </cm-dialog>
    `;
  }

  #tools(): TemplateResult {
    const typed = (event: Event): void => {
      this.text = (event.target as HTMLInputElement).value;
      this.#ask(TYPING);
    };
    const picked = (event: Event): void => {
      this.category = (event.target as HTMLSelectElement).value;
      this.#ask();
    };
    return html`
      <div class="tools">
        <input type="search" placeholder=${msg('Buscar')} aria-label=${msg('Buscar en las fotos')} .value=${this.text} @input=${typed} />
        <select aria-label=${msg('Categoría')} @change=${picked}>
          <option value="">${msg('Todas')}</option>
          ${this.taxonomy?.categories.map((one) => html`<option value=${one.key}>${termLabel(one)}</option>`)}
        </select>
      </div>
    `;
  }

  #photos(): TemplateResult {
    const { pages, problem, stale, patience } = this.#list;
    const photos = pages.items.filter(({ id }) => id !== this.photo?.id);
    if (problem) return errorState(problem, () => void this.#list.retry());
    if (photos.length === 0 && !stale && !pages.next) {
      return emptyState({
        icon: Images,
        title: this.text || this.category ? msg('Ninguna foto así') : msg('No hay otra foto sin pareja'),
        text: this.text || this.category ? msg('Prueba con otra búsqueda u otra categoría.') : msg('Sube la otra foto y vuelve a intentarlo.'),
      });
    }
    return html`
      <div class="photos ${stale && patience.phase !== 'quiet' ? 'stale' : ''}" role="radiogroup" aria-label=${msg('Fotos sin pareja')}>
        ${photos.map((photo) => this.#option(photo))}
        ${photos.length === 0 && patience.phase !== 'quiet' ? html`<div class="skeleton"></div><div class="skeleton"></div>` : nothing}
        <div class="end"></div>
      </div>
    `;
  }

  #option(photo: MediaDocument): TemplateResult {
    const subtype = photo.media_subtype
      ? labelOf(this.taxonomy, photo.media_category, photo.media_subtype)
      : labelOf(this.taxonomy, photo.media_category);
    return html`
      <label class="option">
        <input type="radio" name="other" .checked=${this.chosen?.id === photo.id} @change=${() => (this.chosen = photo)} />
        <img src=${this.api.link(photo.thumb_url)} alt="" loading="lazy" decoding="async" />
        <span class="title">${photo.title}</span>
        <span class="details">${[subtype, day(photo.captured_at ?? photo.created_at)].filter(Boolean).join(' · ')}</span>
      </label>
    `;
  }

  #foot(): TemplateResult {
    const sides = this.#sides;
    const side = (photo: MediaDocument, name: string): TemplateResult => html`
      <span class="side"><img src=${this.api.link(photo.thumb_url)} alt="" /><span><b>${name}</b> ${day(photo.captured_at ?? photo.created_at)}</span></span>
    `;
    return html`
      ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : nothing}
      ${sides
        ? html`
            <span class="sides">
              ${side(sides[0], msg('Antes'))}
              <button
                class="button quiet square"
                type="button"
                aria-label=${msg('Intercambiar antes y después')}
                @click=${() => (this.swapped = !this.swapped)}
              >
                ${icon(ArrowLeftRight)}
              </button>
              ${side(sides[1], msg('Después'))}
            </span>
          `
        : nothing}
      <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
      <button class="button primary" type="submit" form="form" ?disabled=${!sides} aria-disabled=${this.saving}>${msg('Emparejar')}</button>
    `;
  }
}

define(PairDialog);

declare global {
  interface HTMLElementTagNameMap {
    'cm-pair-dialog': PairDialog;
  }
}
