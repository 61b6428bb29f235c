import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../base/index.js';
import { buttons, fields, reset, states } from '../../base/styles.js';
import { DOCUMENT_TYPES } from '../../api/documents.js';
import { changeDocument } from '../../api/photos.js';
import { explain } from '../../api/problem.js';
import type { MediaDocument } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { msg, str } from '../../i18n/index.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { categoryLabel } from '../../ui/file-words.js';

/** A document is not what it was. */
export class DocumentEditedEvent extends Event {
  constructor(readonly document: MediaDocument) {
    super('document-edited', { bubbles: true, composed: true });
  }
}

/** Title, type and description of a document. */
export class DocumentForm extends MediaElement {
  static readonly tag = 'cm-document-form';

  @property({ attribute: false }) document: MediaDocument | undefined;
  @state() private saving = false;
  @state() private problem: unknown = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('document')) Object.assign(this, { saving: false, problem: null });
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const { document } = this;
    if (!document || this.saving) return;
    const said = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(said.get(name) ?? '').trim();
    const change = { title: text('title'), document_type: text('type'), description: text('description') || null };
    this.saving = true;
    this.problem = null;
    try {
      this.dispatchEvent(new DocumentEditedEvent(await changeDocument(this.api, document.id, change, document.version)));
      announce(msg('Guardado'));
      this.#close();
    } catch (problem) {
      this.problem = problem;
    }
    this.saving = false;
  }

  #close(event?: Event): void {
    event?.stopPropagation();
    this.dispatchEvent(new DialogCloseEvent());
  }

  protected override render(): TemplateResult {
    const { document } = this;
    return html`
      <cm-dialog heading=${msg(str`Datos de «${document?.title ?? ''}»`)} .open=${document !== undefined} @dialog-close=${this.#close}>
        ${document ? this.#form(document) : nothing}
        <div slot="footer">
          <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
          <button class="button primary" type="submit" form="form" aria-disabled=${this.saving}>
            ${this.saving ? msg('Guardando…') : msg('Guardar')}
          </button>
        </div>
      </cm-dialog>
    `;
  }

  #form({ title, document_type, description }: MediaDocument): TemplateResult {
    return html`
      <form id="form" @submit=${this.#save}>
        ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : nothing}
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
        ${field({
          id: 'description',
          label: msg('Descripción'),
          control: html`<textarea id="description" name="description" rows="3" maxlength="2000" .value=${description ?? ''}></textarea>`,
        })}
      </form>
    `;
  }

  static override styles = [
    reset,
    buttons,
    fields,
    states,
    css`
      form {
        display: grid;
        gap: var(--cm-space-4);
      }
    `,
  ];
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
