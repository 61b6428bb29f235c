import type { PhotoUploadedEvent } from '../../state/photo-uploaded.js';

/** A photo that exists already is to be shown. */
export class PhotoShowEvent extends Event {
  static readonly type = 'photo-show';
  constructor(readonly id: string) {
    super(PhotoShowEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'photo-show': PhotoShowEvent;
    'photo-uploaded': PhotoUploadedEvent;
  }
}
