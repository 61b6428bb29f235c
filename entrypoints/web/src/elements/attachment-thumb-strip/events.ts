import type { Attachment } from '../../api/types.js';

/** What is on the record is not what it was. */
export class AttachmentsChangeEvent extends Event {
  static readonly type = 'attachments-change';
  constructor(readonly attachments: readonly Attachment[]) {
    super(AttachmentsChangeEvent.type, { bubbles: true, composed: true });
  }
}

/** An attachment is to be opened; cancel it to open it in your own way. */
export class AttachmentOpenEvent extends Event {
  static readonly type = 'attachment-open';
  constructor(readonly attachment: Attachment) {
    super(AttachmentOpenEvent.type, { bubbles: true, composed: true, cancelable: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'attachments-change': AttachmentsChangeEvent;
    'attachment-open': AttachmentOpenEvent;
  }
}
