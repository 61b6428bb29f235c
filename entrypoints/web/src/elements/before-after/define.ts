import { define } from '../../base/define.js';
import { BeforeAfter } from './before-after.js';

define(BeforeAfter);

declare global {
  interface HTMLElementTagNameMap {
    'before-after': BeforeAfter;
  }
}
