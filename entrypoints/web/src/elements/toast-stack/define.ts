import { define } from '../../base/define.js';
import { ToastStack } from './toast-stack.js';

define(ToastStack);

declare global {
  interface HTMLElementTagNameMap {
    'toast-stack': ToastStack;
  }
}
