import { define } from '../../base/define.js';
import { PairPicker } from './pair-picker.js';

define(PairPicker);

declare global {
  interface HTMLElementTagNameMap {
    'pair-picker': PairPicker;
  }
}
