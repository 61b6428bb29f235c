import type { RecordFile } from '../../api/types.js';

/** A file is to be shown; cancel it to show it in your own way. */
export class FileOpenEvent extends Event {
  static readonly type = 'file-open';
  constructor(readonly file: RecordFile) {
    super(FileOpenEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** What is said of a file is to be changed. */
export class FileEditEvent extends Event {
  static readonly type = 'file-edit';
  constructor(readonly file: RecordFile) {
    super(FileEditEvent.type, { bubbles: true, composed: true });
  }
}

/** Files are to be deleted, or marked for it. */
export class FilesDeleteEvent extends Event {
  static readonly type = 'files-delete';
  constructor(readonly files: readonly RecordFile[]) {
    super(FilesDeleteEvent.type, { bubbles: true, composed: true });
  }
}

/** A file that was marked is to stay. */
export class FileRestoreEvent extends Event {
  static readonly type = 'file-restore';
  constructor(readonly file: RecordFile) {
    super(FileRestoreEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'file-open': FileOpenEvent;
    'file-edit': FileEditEvent;
    'files-delete': FilesDeleteEvent;
    'file-restore': FileRestoreEvent;
  }
}
