import type { MediaDocument } from '../../api/types.js';

/** A document is to be shown; cancel it to show it in your own way. */
export class DocumentOpenEvent extends Event {
  static readonly type = 'document-open';
  constructor(readonly document: MediaDocument) {
    super(DocumentOpenEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}

/** Documents of this patient were added, changed, trashed or restored. */
export class DocumentsChangedEvent extends Event {
  static readonly type = 'documents-change';
  constructor(
    readonly reason: 'added' | 'changed' | 'trashed' | 'restored',
    readonly documents: readonly MediaDocument[],
  ) {
    super(DocumentsChangedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'document-open': DocumentOpenEvent;
    'documents-change': DocumentsChangedEvent;
  }
}
