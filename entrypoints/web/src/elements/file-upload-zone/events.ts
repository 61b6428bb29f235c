import type { RecordFile } from '../../api/types.js';

/** Files were chosen, described, taken back or sent: how many wait, and how many of them a rule keeps back. */
export class FilesStagedEvent extends Event {
  static readonly type = 'files-staged';
  constructor(
    readonly waiting: number,
    readonly refused: number,
  ) {
    super(FilesStagedEvent.type, { bubbles: true, composed: true });
  }
}

/** A file is on the record. */
export class FileUploadedEvent extends Event {
  static readonly type = 'file-uploaded';
  constructor(readonly file: RecordFile) {
    super(FileUploadedEvent.type, { bubbles: true, composed: true });
  }
}

/** The service did not take a file. */
export class FileRefusedEvent extends Event {
  static readonly type = 'file-refused';
  constructor(
    readonly name: string,
    readonly problem: unknown,
  ) {
    super(FileRefusedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'files-staged': FilesStagedEvent;
    'file-uploaded': FileUploadedEvent;
    'file-refused': FileRefusedEvent;
  }
}
