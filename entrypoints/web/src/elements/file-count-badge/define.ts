import { define } from '../../base/define.js';
import { FileCountBadge } from './file-count-badge.js';

define(FileCountBadge);

declare global {
  interface HTMLElementTagNameMap {
    'file-count-badge': FileCountBadge;
  }
}
