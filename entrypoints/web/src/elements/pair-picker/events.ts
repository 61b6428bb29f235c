import type { MediaDocument } from '../../api/types.js';

/** Two photos are a pair now. */
export class PairedEvent extends Event {
  static readonly type = 'paired';
  constructor(
    readonly before: MediaDocument,
    readonly after: MediaDocument,
  ) {
    super(PairedEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    paired: PairedEvent;
  }
}
