import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { RecordFile } from '../../api/types.js';
import { Later } from '../../controllers/later.js';

export type FileOperation = 'preview' | 'download' | 'edit' | 'delete';

/**
 * Files as rows: search, filters, order, several at once. Preview, download and zip are its own; what changes files is
 * the host's, who is told.
 *
 * @fires {FileOpenEvent} file-open - cancel it to show the file in your own way
 * @fires {FileEditEvent} file-edit
 * @fires {FilesDeleteEvent} files-delete
 * @fires {FileRestoreEvent} file-restore
 * @csspart list
 * @csspart row
 */
export class FileList extends MediaElement {
  static readonly tag = 'file-list';

  @property({ attribute: false }) files: readonly RecordFile[] = [];
  /** Ids of those that are marked for deletion. */
  @property({ attribute: false }) marked: readonly string[] = [];
  @property({ attribute: false }) operations: readonly FileOperation[] = ['preview', 'download'];
  /** How the files are called, for screen readers and the zip. */
  @property() label = '';

  readonly #part = new Later(this, () => import('./rows.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  protected override render(): TemplateResult {
    if (!this.#part.value) return html`<div class="room"></div>`;
    return html`
      <cm-file-rows
        exportparts="list, row"
        .client=${this.api}
        .files=${this.files}
        .marked=${this.marked}
        .operations=${this.operations}
        .label=${this.label}
      ></cm-file-rows>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
    }
    .room {
      min-block-size: 4rem;
    }
  `;
}
