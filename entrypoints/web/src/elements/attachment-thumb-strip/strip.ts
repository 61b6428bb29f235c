import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { define, MediaElement, nameOf } from '../../base/index.js';
import { attach, detach, listAttachments, orderAttachments, type Owner } from '../../api/attachments.js';
import { getDocument } from '../../api/photos.js';
import { isAbort } from '../../api/problem.js';
import type { Attachment, MediaDocument } from '../../api/types.js';
import { DropTarget } from '../../controllers/drop-target.js';
import { Patience } from '../../controllers/patience.js';
import { Reorder } from '../../controllers/reorder.js';
import { msg, str } from '../../i18n/index.js';
import { errorState } from '../../ui/states.js';
import { PhotoLightbox } from '../photo-lightbox/photo-lightbox.js';
import { toastProblem, toastUndo } from '../toast-stack/toasts.js';
import { AttachmentOpenEvent, AttachmentsChangeEvent } from './events.js';
import { StripUploads } from './strip-uploads.js';
import { styles } from './styles.js';
import { adder, thumb, uploadNotices, uploadTile } from './tiles.js';

/** What `<attachment-thumb-strip>` shows. */
export class Strip extends MediaElement {
  static readonly tag = 'cm-strip';
  static override styles = [...styles];

  @property({ attribute: false }) ownerType = '';
  @property({ attribute: false }) ownerId = '';
  @property({ attribute: false }) patientId = '';
  @property({ type: Boolean }) readonly = false;
  @property() category = 'clinical';
  @property() subtype = 'reference';
  @property() label = '';
  @state() attachments: readonly Attachment[] = [];
  @state() private loaded = false;
  @state() private problem: unknown = null;
  @state() private shown: readonly MediaDocument[] = [];
  @state() private opened: string | null = null;
  @query('input[type="file"]') picker!: HTMLInputElement | null;

  readonly patience = new Patience(this);
  readonly uploads = new StripUploads(this, (attachment) => this.#arrived(attachment));
  readonly drop = new DropTarget(this, { drop: (files) => this.add(files), enabled: () => this.writable });
  readonly reorder = new Reorder(this, {
    order: () => this.attachments.map(({ id }) => id),
    boxes: () => [...this.renderRoot.querySelectorAll<HTMLElement>('.thumb[data-id]')],
    show: (order) => this.#show(order),
    drop: (order) => void this.#store(order),
    nameOf: (id) => this.attachments.find((one) => one.id === id)?.document.title ?? '',
    enabled: () => !this.readonly && this.attachments.length > 1,
  });
  /** What the file picker was opened for. */
  picking: 'photo' | 'xray' = 'photo';
  #stop = new AbortController();
  #refreshed = 0;

  get owner(): Owner {
    return { type: this.ownerType, id: this.ownerId };
  }

  get writable(): boolean {
    return !this.readonly && this.patientId !== '' && this.ownerId !== '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const moved = changed.has('ownerType') || changed.has('ownerId');
    const other = changed.has('client') || changed.has('apiBase') || changed.has('token');
    if (!(moved || other) || !this.ownerType || !this.ownerId) return;
    this.attachments = [];
    this.loaded = false;
    void this.reload();
  }

  /** Ask the service again what is attached. */
  async reload(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.patience.begin();
    try {
      const attachments = await listAttachments(this.api, this.owner, signal);
      this.#changed(attachments);
      this.loaded = true;
    } catch (problem) {
      if (isAbort(problem) || signal.aborted) return;
      this.problem = problem;
    }
    this.patience.end();
  }

  #changed(attachments: readonly Attachment[]): void {
    this.attachments = attachments;
    this.dispatchEvent(new AttachmentsChangeEvent(attachments));
  }

  #arrived(attachment: Attachment): void {
    if (!this.attachments.some(({ id }) => id === attachment.id)) this.#changed([...this.attachments, attachment]);
  }

  /** Upload files and put them on the record. */
  add(files: readonly File[], kind: 'photo' | 'xray' = 'photo'): void {
    const words = kind === 'xray' ? { kind, category: 'xray', subtype: '' } : { kind, category: this.category, subtype: this.subtype };
    this.uploads.send(files, words);
  }

  #show(order: readonly string[]): void {
    const place = new Map(order.map((id, at) => [id, at]));
    this.attachments = this.attachments.toSorted((one, two) => (place.get(one.id) ?? 0) - (place.get(two.id) ?? 0));
  }

  async #store(order: readonly string[]): Promise<void> {
    try {
      await orderAttachments(this.api, this.owner, order);
      this.#changed(this.attachments);
    } catch (problem) {
      toastProblem(msg('El orden no se ha guardado.'), problem, () => void this.#store(order));
      await this.reload();
    }
  }

  /** Take an attachment off the record; undo puts it back where it was. */
  async unlink(attachment: Attachment): Promise<void> {
    const before = this.attachments;
    const order = before.map(({ id }) => id);
    this.attachments = before.filter(({ id }) => id !== attachment.id);
    const undo = (): void => void this.#putBack(attachment, order);
    const close = toastUndo(msg(str`«${attachment.document.title}» ya no está aquí. Sigue en la ficha del paciente.`), undo);
    try {
      await detach(this.api, attachment.id);
      this.#changed(this.attachments);
    } catch (problem) {
      close();
      this.attachments = before;
      toastProblem(msg(str`«${attachment.document.title}» sigue aquí.`), problem, () => void this.unlink(attachment));
    }
  }

  async #putBack(attachment: Attachment, order: readonly string[]): Promise<void> {
    try {
      const back = await attach(this.api, attachment.document_id, this.owner, attachment.display_order, attachment.category);
      await orderAttachments(this.api, this.owner, order.map((id) => (id === attachment.id ? back.id : id)));
    } catch (problem) {
      toastProblem(msg('No se ha podido deshacer.'), problem, () => void this.#putBack(attachment, order));
    }
    await this.reload();
  }

  async open(attachment: Attachment): Promise<void> {
    if (!this.dispatchEvent(new AttachmentOpenEvent(attachment))) return;
    const pictures = this.attachments.filter(({ document }) => document.medium_url);
    if (!attachment.document.medium_url) {
      window.open(this.api.link(attachment.document.full_url), '_blank', 'noopener');
      return;
    }
    try {
      this.shown = await Promise.all(pictures.map(({ document_id: id }) => getDocument(this.api, id)));
      this.opened = attachment.document_id;
    } catch (problem) {
      toastProblem(msg('La foto no se puede mostrar.'), problem, () => void this.open(attachment));
    }
  }

  /** The signed urls have run out: ask for new ones, not more often than once a minute. */
  renew(): void {
    if (Date.now() - this.#refreshed < 60_000) return;
    this.#refreshed = Date.now();
    void this.reload();
  }

  #closed(): void {
    this.opened = null;
    void this.reload();
  }

  protected override render(): TemplateResult {
    const waiting = !this.loaded && this.problem === null;
    return html`
      <ul
        class="strip ${this.drop.over ? 'over' : ''} ${this.reorder.carried ? 'carrying' : ''}"
        part="strip"
        aria-label=${this.label || msg('Adjuntos')}
        aria-busy=${waiting}
        @pointerdown=${this.reorder.down}
        @click=${{ handleEvent: this.reorder.click, capture: true }}
      >
        ${repeat(this.attachments, ({ id }) => id, (one, at) => thumb(this, one, at))}
        ${repeat(this.uploads.rows, ({ id }) => id, (row) => uploadTile(this, row))}
        ${waiting && this.patience.phase !== 'quiet' ? html`<li class="thumb skeleton"></li><li class="thumb skeleton"></li>` : nothing}
        ${this.writable ? adder(this) : nothing}
      </ul>
      ${this.loaded && this.readonly && this.attachments.length === 0 ? html`<p class="none">${msg('Sin adjuntos')}</p>` : nothing}
      ${this.problem ? errorState(this.problem, () => void this.reload(), { small: true }) : nothing} ${uploadNotices(this)}
      ${this.#lightbox()}
    `;
  }

  #lightbox(): TemplateResult {
    const tag = unsafeStatic(nameOf(PhotoLightbox));
    return staticHtml`
      <${tag}
        .client=${this.api}
        .photos=${this.shown}
        .open=${this.opened}
        .readonly=${this.readonly}
        .thumbOf=${(id: string) => this.renderRoot.querySelector<HTMLElement>(`[data-document="${CSS.escape(id)}"]`)}
        @lightbox-close=${() => this.#closed()}
      ></${tag}>
    `;
  }
}

define(Strip);

declare global {
  interface HTMLElementTagNameMap {
    'cm-strip': Strip;
  }
}
