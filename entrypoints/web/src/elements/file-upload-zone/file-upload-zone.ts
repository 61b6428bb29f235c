import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { FileRules } from '../../api/files.js';
import { Later } from '../../controllers/later.js';
import type { Sent } from '../../state/file-uploads.js';

/**
 * Choose, drop or paste files for a record; each is checked against the rules of the record's type, gets a description,
 * and is sent with its progress in sight.
 *
 * @fires {FilesStagedEvent} files-staged
 * @fires {FileUploadedEvent} file-uploaded
 * @fires {FileRefusedEvent} file-refused
 * @csspart zone
 * @csspart row
 */
export class FileUploadZone extends MediaElement {
  static readonly tag = 'file-upload-zone';

  @property({ attribute: 'entity-type' }) entityType = '';
  @property({ attribute: 'entity-id' }) entityId: string | number = '';
  /** Files wait until `send()` instead of being sent by a button of the zone. */
  @property({ type: Boolean }) deferred = false;
  @property({ type: Boolean }) disabled = false;
  /** How many files the record has already, for the rule on their number. */
  @property({ type: Number }) already = 0;
  /** Stricter than the rules of the type, where the host wants that. */
  @property({ attribute: false }) rules?: Partial<FileRules>;

  readonly #part = new Later(this, () => import('./zone.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  /** As if the person had chosen them. */
  async add(files: readonly File[]): Promise<void> {
    await this.#ready();
    this.renderRoot.querySelector('cm-file-zone')?.add(files);
  }

  /** Send what waits to a record; called again, it sends what is left and nothing twice. Never throws. */
  async send(entityId: string | number = this.entityId): Promise<Sent> {
    await this.#ready();
    return (await this.renderRoot.querySelector('cm-file-zone')?.send(String(entityId))) ?? { uploaded: [], failed: [] };
  }

  /** Forget what waits. */
  clear(): void {
    this.renderRoot.querySelector('cm-file-zone')?.clear();
  }

  async #ready(): Promise<void> {
    await this.#part.begin();
    await this.updateComplete;
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-file-zone
        exportparts="zone, row"
        .client=${this.api}
        .entityType=${this.entityType}
        .entityId=${String(this.entityId)}
        .deferred=${this.deferred}
        .disabled=${this.disabled}
        .already=${this.already}
        .rules=${this.rules}
      ></cm-file-zone>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      min-block-size: 6rem;
    }
  `;
}
