import type { Note } from '../../api/types.js';

/** A note is in the service, with its attachments. */
export class NoteSavedEvent extends Event {
  static readonly type = 'note-saved';
  constructor(readonly note: Note) {
    super(NoteSavedEvent.type, { bubbles: true, composed: true });
  }
}

/** The person does not want to write it after all; what was uploaded for it is in the trash. */
export class NoteCancelEvent extends Event {
  static readonly type = 'note-cancel';
  constructor() {
    super(NoteCancelEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'note-saved': NoteSavedEvent;
    'note-cancel': NoteCancelEvent;
  }
}
