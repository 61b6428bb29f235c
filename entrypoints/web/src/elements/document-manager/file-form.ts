import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../base/index.js';
import { buttons, fields, reset, states } from '../../base/styles.js';
import { changeFile } from '../../api/files.js';
import { explain } from '../../api/problem.js';
import type { RecordFile } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { msg, str } from '../../i18n/index.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import { categoryLabel } from '../../ui/file-words.js';

/** What is said of a file is not what it was. */
export class FileChangedEvent extends Event {
  constructor(readonly file: RecordFile) {
    super('file-changed', { bubbles: true, composed: true });
  }
}

/** Name, description and category of a file. */
export class FileForm extends MediaElement {
  static readonly tag = 'cm-file-form';

  @property({ attribute: false }) file: RecordFile | undefined;
  @property({ attribute: false }) categories: readonly string[] = [];
  @state() private saving = false;
  @state() private problem: unknown = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('file')) Object.assign(this, { saving: false, problem: null });
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const { file } = this;
    if (!file || this.saving) return;
    const said = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(said.get(name) ?? '').trim();
    this.saving = true;
    this.problem = null;
    try {
      const change = { file_name: text('name') + extension(file), description: text('description') || null, category: text('category') || null };
      this.dispatchEvent(new FileChangedEvent(await changeFile(this.api, file.id, change)));
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
    const { file } = this;
    return html`
      <cm-dialog heading=${msg(str`Datos de «${file?.file_name ?? ''}»`)} .open=${file !== undefined} @dialog-close=${this.#close}>
        ${file ? this.#form(file) : nothing}
        <div slot="footer">
          <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
          <button class="button primary" type="submit" form="form" aria-disabled=${this.saving}>
            ${this.saving ? msg('Guardando…') : msg('Guardar')}
          </button>
        </div>
      </cm-dialog>
    `;
  }

  #form(file: RecordFile): TemplateResult {
    const name = file.file_name.slice(0, file.file_name.length - extension(file).length);
    return html`
      <form id="form" @submit=${this.#save}>
        ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : nothing}
        ${field({
          id: 'name',
          label: msg('Nombre'),
          hint: msg(str`Acaba en ${extension(file)}`),
          control: html`<input id="name" name="name" required maxlength="200" autofocus aria-describedby="name-hint" .value=${name} />`,
        })}
        ${field({
          id: 'description',
          label: msg('Descripción'),
          control: html`<textarea id="description" name="description" rows="3" maxlength="2000" .value=${file.description ?? ''}></textarea>`,
        })}
        ${this.categories.length
          ? field({
              id: 'category',
              label: msg('Categoría'),
              control: html`
                <select id="category" name="category">
                  <option value="">${msg('Sin categoría')}</option>
                  ${this.categories.map((one) => html`<option value=${one} ?selected=${one === file.category}>${categoryLabel(one)}</option>`)}
                </select>
              `,
            })
          : nothing}
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

/** What a name ends in says what the bytes are: it stays. */
function extension({ file_name: name }: RecordFile): string {
  return /.(\.[^.]+)$/.exec(name)?.[1] ?? '';
}

define(FileForm);

declare global {
  interface HTMLElementTagNameMap {
    'cm-file-form': FileForm;
  }
  interface HTMLElementEventMap {
    'file-changed': FileChangedEvent;
  }
}
