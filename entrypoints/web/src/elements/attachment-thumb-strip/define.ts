import { define } from '../../base/define.js';
import { AttachmentThumbStrip } from './attachment-thumb-strip.js';

define(AttachmentThumbStrip);

declare global {
  interface HTMLElementTagNameMap {
    'attachment-thumb-strip': AttachmentThumbStrip;
  }
}
