import { define } from '../../base/define.js';
import { VisitNotePanel } from './visit-note-panel.js';

define(VisitNotePanel);

declare global {
  interface HTMLElementTagNameMap {
    'visit-note-panel': VisitNotePanel;
  }
}
