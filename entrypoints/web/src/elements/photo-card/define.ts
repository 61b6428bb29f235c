import { define } from '../../base/define.js';
import { PhotoCard } from './photo-card.js';

define(PhotoCard);

declare global {
  interface HTMLElementTagNameMap {
    'photo-card': PhotoCard;
  }
}
