import { explain } from '../../api/problem.js';

/** How many files a record has, or will have once what is marked and queued is carried out. */
export class FileCountChangeEvent extends Event {
  static readonly type = 'file-count-change';
  constructor(
    /** Files that are stored. */
    readonly count: number,
    /** Files that wait for being sent. */
    readonly added: number,
    /** Stored files that are marked for deletion. */
    readonly removed: number,
  ) {
    super(FileCountChangeEvent.type, { bubbles: true, composed: true });
  }
}

/** Something failed, and the person has been told; `message` is what was said. */
export class FilesErrorEvent extends Event {
  static readonly type = 'error';
  readonly message: string;
  constructor(readonly problem: unknown) {
    super(FilesErrorEvent.type);
    this.message = explain(problem);
  }
}

declare global {
  interface HTMLElementEventMap {
    'file-count-change': FileCountChangeEvent;
  }
}
