import { define } from '../../base/define.js';
import { PhotoLightbox } from './photo-lightbox.js';

define(PhotoLightbox);

declare global {
  interface HTMLElementTagNameMap {
    'photo-lightbox': PhotoLightbox;
  }
}
