import { define } from '../../base/define.js';
import { PhotoUpload } from './photo-upload.js';

define(PhotoUpload);

declare global {
  interface HTMLElementTagNameMap {
    'photo-upload': PhotoUpload;
  }
}
