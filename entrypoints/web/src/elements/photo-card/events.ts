import type { MediaDocument } from '../../api/types.js';

/** A photo is to be opened; cancel it to open it in your own way. */
export class PhotoOpenEvent extends Event {
  static readonly type = 'photo-open';
  constructor(readonly photo: MediaDocument) {
    super(PhotoOpenEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** A photo is to be chosen or no longer chosen; with `range`, everything from the last one chosen to this. */
export class PhotoSelectEvent extends Event {
  static readonly type = 'photo-select';
  constructor(
    readonly photo: MediaDocument,
    readonly range: boolean,
  ) {
    super(PhotoSelectEvent.type, { bubbles: true, composed: true });
  }
}

/** The thumb did not load: its signed url may have run out. */
export class ThumbFailedEvent extends Event {
  static readonly type = 'thumb-failed';
  constructor(readonly photo: MediaDocument) {
    super(ThumbFailedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'photo-open': PhotoOpenEvent;
    'photo-select': PhotoSelectEvent;
    'thumb-failed': ThumbFailedEvent;
  }
}
