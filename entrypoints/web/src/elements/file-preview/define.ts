import { define } from '../../base/define.js';
import { FilePreview } from './file-preview.js';

define(FilePreview);

declare global {
  interface HTMLElementTagNameMap {
    'file-preview': FilePreview;
  }
}
