import { html, type TemplateResult } from 'lit';
import { define } from '../../base/index.js';
import { DOCUMENT_TYPES } from '../../api/documents.js';
import { changeDocument } from '../../api/photos.js';
import type { MediaDocument } from '../../api/types.js';
import { msg } from '../../i18n/index.js';
import { descriptionField, EditForm } from '../../ui/edit-form.js';
import { field } from '../../ui/field.js';
import { categoryLabel } from '../../ui/file-words.js';

/** A document is not what it was. */
export class DocumentEditedEvent extends Event {
  constructor(readonly document: MediaDocument) {
    super('document-edited', { bubbles: true, composed: true });
  }
}

/** Title, type and description of a document. */
export class DocumentForm extends EditForm<MediaDocument> {
  static readonly tag = 'cm-document-form';

  protected override nameOf({ title }: MediaDocument): string {
    return title;
  }

  protected override async save(document: MediaDocument, text: (name: string) => string): Promise<Event> {
    const change = { title: text('title'), document_type: text('type'), description: text('description') || null };
    return new DocumentEditedEvent(await changeDocument(this.api, document.id, change, document.version));
  }

  protected override controls({ title, document_type, description }: MediaDocument): TemplateResult {
    return html`
      ${field({
        id: 'title',
        label: msg('Título'),
        control: html`<input id="title" name="title" required maxlength="200" autofocus .value=${title} />`,
      })}
      ${field({
        id: 'type',
        label: msg('Tipo'),
        control: html`
          <select id="type" name="type">
            ${DOCUMENT_TYPES.map((one) => html`<option value=${one} ?selected=${one === document_type}>${categoryLabel(one)}</option>`)}
          </select>
        `,
      })}
      ${descriptionField(description)}
    `;
  }
}

define(DocumentForm);

declare global {
  interface HTMLElementTagNameMap {
    'cm-document-form': DocumentForm;
  }
  interface HTMLElementEventMap {
    'document-edited': DocumentEditedEvent;
  }
}
