import { define } from '../../base/define.js';
import { FileList } from './file-list.js';

define(FileList);

declare global {
  interface HTMLElementTagNameMap {
    'file-list': FileList;
  }
}
