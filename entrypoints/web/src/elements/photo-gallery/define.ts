import { define } from '../../base/define.js';
import { PhotoGallery } from './photo-gallery.js';
import '../photo-card/define.js';

define(PhotoGallery);

declare global {
  interface HTMLElementTagNameMap {
    'photo-gallery': PhotoGallery;
  }
}
