import type { MediaDocument } from '../api/types.js';

/** A photo is in the service. */
export class PhotoUploadedEvent extends Event {
  static readonly type = 'photo-uploaded';
  constructor(readonly photo: MediaDocument) {
    super(PhotoUploadedEvent.type, { bubbles: true, composed: true });
  }
}
