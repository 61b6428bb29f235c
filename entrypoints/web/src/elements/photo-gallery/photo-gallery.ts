import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import { getDocument } from '../../api/photos.js';
import { getTaxonomy } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { CategoryCounts } from '../../controllers/category-counts.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { GallerySelection } from '../../controllers/gallery-selection.js';
import { inText } from '../../controllers/hotkeys.js';
import { Later } from '../../controllers/later.js';
import { Online } from '../../controllers/online.js';
import { PhotoAddress } from '../../controllers/photo-address.js';
import { PhotoList } from '../../controllers/photo-list.js';
import { RangeWindow } from '../../controllers/range-window.js';
import { msg } from '../../i18n/index.js';
import { EVERYTHING, queryOf, refined, shows, type Filter } from '../../state/filter.js';
import { columnsFor } from '../../state/grid.js';
import { prepended, replaced } from '../../state/pages.js';
import { toastProblem } from '../toast-stack/toasts.js';
import type { PhotoCard } from '../photo-card/photo-card.js';
import { dialogs } from './dialogs.js';
import { PhotosChangedEvent } from './events.js';
import { filterPanel } from './filters.js';
import { bar, grid, PIECE } from './grid.js';
import { categoryRail, restrictionChips, searchRow, subtypeChips } from './rail.js';
import { styles } from './styles.js';
import { beneath, dropHint, offlineNotice, uploadButton } from './surroundings.js';

const TYPING = 250;

/**
 * All photos and x-rays of a patient: rail of categories, filters, endless grid, lightbox, upload, and what can be done
 * with several at once.
 *
 * @fires {PhotoOpenEvent} photo-open - before the lightbox opens; cancel it to show the photo in your own way
 * @fires {PhotosChangedEvent} photos-change
 * @csspart rail
 * @csspart subtypes
 * @csspart filters
 * @csspart grid
 * @csspart selection-bar
 * @cssprop [--cm-gallery-gap=8px] - between the squares
 */
export class PhotoGallery extends MediaElement {
  static readonly tag = 'photo-gallery';
  static override styles = [...styles];

  @property({ attribute: 'patient-id' }) patientId = '';
  /** Named when files are dropped, so that nobody uploads to the wrong patient. */
  @property({ attribute: 'patient-name' }) patientName = '';
  /** Look, do not touch. */
  @property({ type: Boolean }) readonly = false;
  /** Change, but do not throw away. */
  @property({ type: Boolean, attribute: 'no-delete' }) noDelete = false;
  /** Search parameter of the page's address that holds the open photo; empty to leave the address alone. */
  @property({ attribute: 'url-param' }) urlParam = 'photo';

  @state() filter: Filter = EVERYTHING;
  @state() taxonomy: Taxonomy | undefined;
  @state() dialog: 'upload' | 'tags' | 'classify' | 'confirm' | 'keys' | null = null;
  @state() opened: string | null = null;
  @state() dropped: readonly File[] = [];
  @state() current: string | null = null;
  @state() private filtersOpen = false;
  @state() gathering = false;
  @query('.grid') private box!: HTMLElement | null;

  readonly list = new PhotoList(this);
  readonly counts = new CategoryCounts(this);
  readonly selection = new GallerySelection(this, () => this.list.pages.items.map(({ id }) => id));
  readonly address = new PhotoAddress(this, (id) => void this.#addressed(id));
  readonly online = new Online(this, () => void this.list.retry());
  readonly drop = new DropTarget(this, {
    area: () => document,
    drop: (files) => this.upload(files),
    enabled: () => this.#takesFiles(),
  });
  readonly bulkEdit = new Later(this, () => import('./bulk-edit.js'));
  columns = 2;
  readonly window = new RangeWindow(this, {
    boxes: () => this.renderRoot.querySelectorAll<HTMLElement>('.piece'),
    sentinel: () => this.renderRoot.querySelector<HTMLElement>('.end'),
    end: () => void this.list.more(),
    size: PIECE,
  });
  #linked: MediaDocument | undefined;
  #resized?: ResizeObserver;
  #typing = 0;
  #raised = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.#raiseMessages(0);
    document.removeEventListener('paste', this.#pasted);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized = new ResizeObserver(() => this.#measure());
    this.#resized.observe(this);
    document.addEventListener('paste', this.#pasted);
  }

  #pasted = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.defaultPrevented || inText(event) || !this.#takesFiles()) return;
    event.preventDefault();
    this.upload(files);
  };

  /** Files that are dropped or pasted anywhere on the page are meant for this gallery. */
  #takesFiles(): boolean {
    return !this.readonly && this.patientId !== '' && this.opened === null && this.dialog === null;
  }

  #measure(): void {
    const columns = columnsFor(this.getBoundingClientRect().width);
    if (columns !== this.columns) this.requestUpdate();
    this.columns = columns;
    this.style.setProperty('--columns', String(columns));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const asker = changed.has('patientId') || changed.has('client') || changed.has('apiBase') || changed.has('token');
    if (asker && this.patientId) this.#begin();
    else if (changed.has('filter') && changed.get('filter')) this.#ask(changed.get('filter')?.text !== this.filter.text);
    const keys = this.taxonomy?.categories.map(({ key }) => key) ?? [];
    if (!this.list.stale) this.counts.update(this.api, this.patientId, this.filter, keys, this.list.pages);
    const { items } = this.list.pages;
    if (!items.some(({ id }) => id === this.current)) this.current = items[0]?.id ?? null;
    this.window.keep(Math.floor(items.findIndex(({ id }) => id === this.current) / PIECE));
  }

  #begin(): void {
    this.filter = EVERYTHING;
    this.selection.now = { chosen: new Set(), anchor: null, everything: false };
    this.counts.forget();
    void getTaxonomy(this.api).then(
      (taxonomy) => (this.taxonomy = taxonomy),
      () => undefined, // the list, asked at the same time, says what is wrong
    );
    this.#ask(false);
  }

  #ask(typing: boolean): void {
    clearTimeout(this.#typing);
    const ask = (): void => void this.list.start(this.api, this.patientId, queryOf(this.filter));
    if (typing) this.#typing = window.setTimeout(ask, TYPING);
    else ask();
  }

  /** Show other photos. */
  refine = (change: Partial<Filter>): void => {
    this.selection.clear();
    this.filter = refined(this.filter, change);
  };

  /** Open the upload dialog, with files already picked or without. */
  upload(files: readonly File[] = []): void {
    this.dropped = files;
    this.dialog = 'upload';
  }

  /** Show a photo large. */
  open(photo: MediaDocument): void {
    this.current = photo.id;
    this.opened = photo.id;
    this.address.opened(photo.id);
  }

  /** What the lightbox goes through: what is loaded, and the photo of the address where that is not among them. */
  get shown(): readonly MediaDocument[] {
    const { items } = this.list.pages;
    const linked = this.#linked;
    return linked && linked.id === this.opened && !items.some(({ id }) => id === linked.id) ? [linked, ...items] : items;
  }

  /** Show a photo by its id, loaded or not. */
  show(id: string): void {
    this.address.opened(id);
    void this.#addressed(id);
  }

  /** The lightbox went to another photo. */
  moved(photo: MediaDocument): void {
    this.opened = photo.id;
    this.current = photo.id;
    this.address.moved(photo.id);
  }

  closed(): void {
    const last = this.opened;
    this.opened = null;
    this.address.closed();
    if (last && this.list.pages.items.some(({ id }) => id === last)) void this.focusCard(last);
  }

  /** The address of the page names a photo, or no longer does. */
  async #addressed(id: string | null): Promise<void> {
    if (id !== null && !this.list.pages.items.some((photo) => photo.id === id)) {
      this.#linked = await getDocument(this.api, id).catch((problem: unknown) => {
        toastProblem(msg('La foto de esta dirección no se puede mostrar.'), problem);
        return undefined;
      });
      if (!this.#linked) return;
    }
    this.opened = id;
  }

  /** Photos that came from an upload. */
  added(photos: readonly MediaDocument[]): void {
    const fitting = photos.filter((photo) => shows(this.filter, photo));
    this.list.show(prepended(this.list.pages, fitting));
    this.tell('added', photos);
  }

  /** Photos that are not what they were. */
  changed(reason: 'changed' | 'paired', photos: readonly MediaDocument[]): void {
    this.list.show(replaced(this.list.pages, photos));
    this.tell(reason, photos);
  }

  /** Something happened to photos: the numbers of the rail no longer hold, and the host wants to know. */
  tell(reason: PhotosChangedEvent['reason'], photos: readonly MediaDocument[]): void {
    this.counts.forget();
    this.requestUpdate();
    this.dispatchEvent(new PhotosChangedEvent(reason, photos));
  }

  get chosen(): MediaDocument[] {
    return this.list.pages.items.filter(({ id }) => this.selection.has(id));
  }

  /** Bring a card into sight and give it the focus. */
  async focusCard(id: string): Promise<void> {
    this.current = id;
    await this.updateComplete;
    const card = this.cardOf(id);
    await card?.updateComplete;
    card?.focus();
    card?.scrollIntoView({ block: 'nearest' });
  }

  cardOf(id: string): PhotoCard | null {
    return this.renderRoot.querySelector<PhotoCard>(`[data-id="${CSS.escape(id)}"]`);
  }

  leaveGrid(): void {
    this.renderRoot.querySelector<HTMLElement>('.rail [aria-pressed="true"]')?.focus();
  }

  protected override render(): TemplateResult {
    const { filter, taxonomy, refine } = this;
    const rail = { taxonomy, filter, counts: this.counts.counts, refine };
    const toggle = (): void => void (this.filtersOpen = !this.filtersOpen);
    const tags = [...new Set(this.list.pages.items.flatMap((photo) => photo.tags))].toSorted();
    return html`
      <div class="frame">
        <div class="head">
        ${categoryRail(rail)}
        <div class="tools">${searchRow({ filter, open: this.filtersOpen, refine, toggle })} ${uploadButton(this)}</div>
        ${subtypeChips(rail)} ${this.filtersOpen ? filterPanel({ filter, tags, refine }) : nothing}
        ${restrictionChips(filter, refine)}
      </div>
        ${offlineNotice(this)} ${grid(this)} ${beneath(this)} ${dropHint(this)}
      </div>
      ${bar(this)} ${dialogs(this)}
    `;
  }

  /** Messages stand above the bar, not on it. */
  #raiseMessages(height: number): void {
    if (height === this.#raised) return;
    this.#raised = height;
    document.documentElement.style.setProperty('--cm-toast-offset', height ? `${height + 8}px` : null);
  }

  protected override updated(): void {
    this.selection.prune();
    this.#raiseMessages(this.renderRoot.querySelector<HTMLElement>('.bar')?.offsetHeight ?? 0);
    if (!this.box || this.box.hidden) return;
    for (const box of this.box.querySelectorAll<HTMLElement>('.piece')) {
      // The height is that of the cells, drawn or not: what is far away keeps its place.
      box.style.setProperty('--rows', String(Math.ceil(Number(box.dataset['cells']) / this.columns)));
    }
  }
}
