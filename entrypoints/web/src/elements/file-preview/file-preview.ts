import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { MediaDocument, RecordFile } from '../../api/types.js';
import { LaterDialog } from '../../ui/later-dialog.js';

/**
 * A dialog that shows a file: pictures with zoom, PDF in the browser's own viewer, x-rays and other formats that browsers
 * do not know through a picture of them, text. Prints and downloads.
 *
 * @fires {DialogCloseEvent} dialog-close
 */
export class FilePreview extends LaterDialog {
  static readonly tag = 'file-preview';

  /** What is shown. */
  @property({ attribute: false }) file?: RecordFile | MediaDocument;
  /** Its id, where the host has no more. */
  @property({ attribute: 'file-id' }) fileId = '';
  /** Those that ← and → lead to. */
  @property({ attribute: false }) files: readonly (RecordFile | MediaDocument)[] = [];

  protected override load(): Promise<unknown> {
    return import('./preview-dialog.js');
  }

  protected override dialog(): TemplateResult {
    return html`
      <cm-preview-dialog
        .client=${this.api}
        .file=${this.file}
        .fileId=${this.fileId}
        .files=${this.files}
        .open=${this.open}
        @dialog-close=${this.closed}
      ></cm-preview-dialog>
    `;
  }
}
