import { define } from '../../base/define.js';
import { NoteList } from './note-list.js';

define(NoteList);

declare global {
  interface HTMLElementTagNameMap {
    'note-list': NoteList;
  }
}
