import { define } from '../../base/define.js';
import { DocumentManager } from './document-manager.js';

define(DocumentManager);

declare global {
  interface HTMLElementTagNameMap {
    'document-manager': DocumentManager;
  }
}
