import type { MediaDocument } from '../../api/types.js';

/** Another photo is on the stage. */
export class LightboxMoveEvent extends Event {
  static readonly type = 'lightbox-move';
  constructor(readonly photo: MediaDocument) {
    super(LightboxMoveEvent.type, { bubbles: true, composed: true });
  }
}

/** The lightbox has closed. */
export class LightboxCloseEvent extends Event {
  static readonly type = 'lightbox-close';
  constructor() {
    super(LightboxCloseEvent.type, { bubbles: true, composed: true });
  }
}

/** The end of the list is near: more photos may be appended to `photos`. */
export class LightboxEndEvent extends Event {
  static readonly type = 'lightbox-end';
  constructor() {
    super(LightboxEndEvent.type, { bubbles: true, composed: true });
  }
}

/** A photo is to go to the trash; cancel it to do that yourself (and take it out of `photos`). */
export class PhotoTrashEvent extends Event {
  static readonly type = 'photo-trash';
  constructor(readonly photo: MediaDocument) {
    super(PhotoTrashEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** Photos are not what they were: edited, paired or separated. */
export class PhotoChangeEvent extends Event {
  static readonly type = 'photo-change';
  constructor(
    readonly reason: 'changed' | 'paired',
    readonly photos: readonly MediaDocument[],
  ) {
    super(PhotoChangeEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'lightbox-move': LightboxMoveEvent;
    'lightbox-close': LightboxCloseEvent;
    'lightbox-end': LightboxEndEvent;
    'photo-trash': PhotoTrashEvent;
    'photo-change': PhotoChangeEvent;
  }
}
