import { define } from '../../base/define.js';
import { FileUploadZone } from './file-upload-zone.js';

define(FileUploadZone);

declare global {
  interface HTMLElementTagNameMap {
    'file-upload-zone': FileUploadZone;
  }
}
