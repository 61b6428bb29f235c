import type { Note } from '../../api/types.js';

/** The notes that are shown are not what they were. */
export class NotesChangeEvent extends Event {
  static readonly type = 'notes-change';
  constructor(
    readonly notes: readonly Note[],
    readonly total: number,
  ) {
    super(NotesChangeEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'notes-change': NotesChangeEvent;
  }
}
