import { define } from '../../base/define.js';
import { DocumentGallery } from './document-gallery.js';

define(DocumentGallery);

declare global {
  interface HTMLElementTagNameMap {
    'document-gallery': DocumentGallery;
  }
}
