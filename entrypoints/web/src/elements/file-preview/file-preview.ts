import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { MediaDocument, RecordFile } from '../../api/types.js';
import { Later } from '../../controllers/later.js';
import { DialogCloseEvent } from '../../ui/dialog-close.js';

/**
 * A dialog that shows a file: pictures with zoom, PDF in the browser's own viewer, x-rays and other formats that browsers
 * do not know through a picture of them, text. Prints and downloads.
 *
 * @fires {DialogCloseEvent} dialog-close
 */
export class FilePreview extends MediaElement {
  static readonly tag = 'file-preview';

  /** What is shown. */
  @property({ attribute: false }) file?: RecordFile | MediaDocument;
  /** Its id, where the host has no more. */
  @property({ attribute: 'file-id' }) fileId = '';
  /** Those that ← and → lead to. */
  @property({ attribute: false }) files: readonly (RecordFile | MediaDocument)[] = [];
  @property({ type: Boolean }) open = false;

  readonly #part = new Later(this, () => import('./preview-dialog.js'));

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.open) void this.#part.begin().then((part) => part ?? this.#close());
  }

  #close(event?: Event): void {
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
    else event?.preventDefault();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#part.value) return nothing;
    return html`
      <cm-preview-dialog
        .client=${this.api}
        .file=${this.file}
        .fileId=${this.fileId}
        .files=${this.files}
        .open=${this.open}
        @dialog-close=${(event: Event) => this.#close(event)}
      ></cm-preview-dialog>
    `;
  }
}
