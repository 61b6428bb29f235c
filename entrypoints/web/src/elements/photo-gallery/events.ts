import type { MediaDocument } from '../../api/types.js';

/** Photos of this patient were added, changed, paired, trashed or restored. */
export class PhotosChangedEvent extends Event {
  static readonly type = 'photos-change';
  constructor(
    readonly reason: 'added' | 'changed' | 'paired' | 'trashed' | 'restored',
    readonly photos: readonly MediaDocument[],
  ) {
    super(PhotosChangedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'photos-change': PhotosChangedEvent;
  }
}
