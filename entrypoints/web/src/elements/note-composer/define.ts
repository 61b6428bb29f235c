import { define } from '../../base/define.js';
import { NoteComposer } from './note-composer.js';

define(NoteComposer);

declare global {
  interface HTMLElementTagNameMap {
    'note-composer': NoteComposer;
  }
}
