import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { Paperclip } from 'lucide';
import { icon, MediaElement } from '../../base/index.js';
import { Online } from '../../controllers/online.js';
import { msg, plural, str } from '../../i18n/index.js';
import { fileCounts, type FileCounts, type FilesCountedEvent } from '../../state/file-counts.js';
import { count } from '../../ui/format.js';
import { styles } from './styles.js';

/**
 * How many files a record has. All badges of a page ask together, with one request for each type of record, and follow
 * what `<document-manager>` changes. A host that knows the number gives it as `count`, and nothing is asked.
 *
 * @csspart badge
 */
export class FileCountBadge extends MediaElement {
  static readonly tag = 'file-count-badge';
  static override styles = [...styles];

  @property({ attribute: 'entity-type' }) entityType = '';
  @property({ attribute: 'entity-id' }) entityId: string | number = '';
  @property({ type: Number }) count?: number;
  @property({ reflect: true }) variant: 'badge' | 'text' | 'icon' = 'badge';
  @property({ reflect: true }) size: 'xs' | 'sm' | 'md' | 'lg' = 'sm';
  /** The host is still finding out. */
  @property({ type: Boolean }) loading = false;
  /** It can be pressed; the host listens to `click`. */
  @property({ type: Boolean }) button = false;
  @state() private found: number | null = null;
  @state() private failed = false;

  #counts?: FileCounts | undefined;

  constructor() {
    super();
    new Online(this, () => this.failed && void this.reload());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#counts?.addEventListener('counted', this.#told);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#counts?.removeEventListener('counted', this.#told);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const other = ['entityType', 'entityId', 'client', 'apiBase', 'token', 'count'] as const;
    if (!other.some((name) => changed.has(name))) return;
    this.found = null;
    if (this.count === undefined && this.entityType && this.entityId !== '') void this.reload();
  }

  /** Ask again. */
  async reload(): Promise<void> {
    this.#follow(fileCounts(this.api));
    const { entityType: type, entityId: id } = this;
    this.failed = false;
    try {
      const found = await this.#counts?.of(type, String(id));
      if (type === this.entityType && id === this.entityId) this.found = found ?? 0;
    } catch {
      this.failed = true;
    }
  }

  #follow(counts: FileCounts): void {
    if (counts === this.#counts) return;
    this.#counts?.removeEventListener('counted', this.#told);
    this.#counts = counts;
    if (this.isConnected) counts.addEventListener('counted', this.#told);
  }

  #told = (event: Event): void => {
    const { entityType, id, count } = event as FilesCountedEvent;
    if (entityType === this.entityType && id === String(this.entityId)) this.found = count;
  };

  protected override render(): TemplateResult {
    const n = this.count ?? this.found;
    const waiting = this.loading || (n === null && !this.failed);
    const inside = waiting ? this.#waiting() : n === null ? this.#unknown() : this.#known(n);
    const state = waiting ? 'waiting' : n === 0 ? 'zero' : '';
    return this.button
      ? html`<button class="badge ${state}" part="badge" type="button">${inside}</button>`
      : html`<span class="badge ${state}" part="badge">${inside}</span>`;
  }

  #known(n: number): TemplateResult {
    const words = n === 0 ? msg('Sin archivos') : plural(n, msg('1 archivo'), msg(str`${count(n)} archivos`));
    if (this.variant === 'text') return html`${icon(Paperclip)}<span>${words}</span>`;
    return html`
      ${icon(Paperclip)}<span class="number" aria-hidden="true">${this.variant === 'icon' && n === 0 ? nothing : count(n)}</span>
      <span class="sr-only">${words}</span>
    `;
  }

  #waiting(): TemplateResult {
    return html`${icon(Paperclip)}<span class="skeleton"></span><span class="sr-only">${msg('Contando archivos')}</span>`;
  }

  #unknown(): TemplateResult {
    return html`${icon(Paperclip)}<span aria-hidden="true">–</span><span class="sr-only">${msg('No se sabe cuántos archivos hay')}</span>`;
  }
}
