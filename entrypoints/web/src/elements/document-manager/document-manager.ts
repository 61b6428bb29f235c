import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { FileRules } from '../../api/files.js';
import { noAnswer } from '../../api/problem.js';
import { Later } from '../../controllers/later.js';
import type { Saved } from '../../state/file-uploads.js';

/**
 * The files of any record.
 *
 * `view`: list, upload, download, preview. `edit`: what is added and marked for deletion is carried out by `save()`.
 * `create`: files wait until the record exists and are sent by `flush(newId)`. Both tell what became of each file; called
 * again, they do what is left and nothing twice.
 *
 * @fires {FileCountChangeEvent} file-count-change
 * @fires {FilesErrorEvent} error - something failed, and the person has been told
 * @csspart list
 * @csspart zone
 * @csspart footer
 */
export class DocumentManager extends MediaElement {
  static readonly tag = 'document-manager';

  /** A registered type of record, or another word for it: `lab-result`, `visits`. */
  @property({ attribute: 'entity-type' }) entityType = '';
  /** Not needed in mode `create`. */
  @property({ attribute: 'entity-id' }) entityId: string | number = '';
  @property({ reflect: true }) mode: 'view' | 'edit' | 'create' = 'view';
  /** Look, do not touch. */
  @property({ type: Boolean }) readonly = false;
  /** Change, but do not throw away. */
  @property({ type: Boolean, attribute: 'no-delete' }) noDelete = false;
  /** How the files are called, for screen readers. */
  @property() label = '';
  /** Stricter than the rules of the type, where the host wants that. */
  @property({ attribute: false }) rules?: Partial<FileRules>;

  readonly #part = new Later(this, () => import('./manager.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  /** What waits for being saved. */
  get changes(): { added: number; removed: number } {
    return this.renderRoot.querySelector('cm-document-manager')?.changes ?? { added: 0, removed: 0 };
  }

  /** Carry out what was marked and queued. Never throws: what failed stays marked or queued, and is told. */
  async save(): Promise<Saved> {
    return this.flush(this.entityId);
  }

  /** Send what was queued to the record that exists now; otherwise as `save`. */
  async flush(newId: string | number): Promise<Saved> {
    await this.#part.begin();
    await this.updateComplete;
    const manager = this.renderRoot.querySelector('cm-document-manager');
    return manager ? manager.save(String(newId)) : { complete: false, uploaded: [], deleted: [], failed: [{ name: '', problem: noAnswer() }] };
  }

  /** Ask the service again what there is. */
  async reload(): Promise<void> {
    await this.renderRoot.querySelector('cm-document-manager')?.reload();
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-document-manager
        exportparts="list, zone, footer"
        .client=${this.api}
        .entityType=${this.entityType}
        .entityId=${String(this.entityId)}
        .mode=${this.mode}
        .readonly=${this.readonly}
        .noDelete=${this.noDelete}
        .label=${this.label}
        .rules=${this.rules}
        .tell=${(event: Event) => this.dispatchEvent(event)}
      ></cm-document-manager>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      min-block-size: 8rem;
    }
  `;
}
