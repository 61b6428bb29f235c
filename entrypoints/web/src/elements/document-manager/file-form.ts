import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { define } from '../../base/index.js';
import { changeFile } from '../../api/files.js';
import type { RecordFile } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import { descriptionField, EditForm } from '../../ui/edit-form.js';
import { field } from '../../ui/field.js';
import { categoryLabel } from '../../ui/file-words.js';

/** What is said of a file is not what it was. */
export class FileChangedEvent extends Event {
  constructor(readonly file: RecordFile) {
    super('file-changed', { bubbles: true, composed: true });
  }
}

/** Name, description and category of a file. */
export class FileForm extends EditForm<RecordFile> {
  static readonly tag = 'cm-file-form';

  @property({ attribute: false }) categories: readonly string[] = [];

  protected override nameOf({ file_name }: RecordFile): string {
    return file_name;
  }

  protected override async save(file: RecordFile, text: (name: string) => string): Promise<Event> {
    const change = { file_name: text('name') + extension(file), description: text('description') || null, category: text('category') || null };
    return new FileChangedEvent(await changeFile(this.api, file.id, change));
  }

  protected override controls(file: RecordFile): TemplateResult {
    const name = file.file_name.slice(0, file.file_name.length - extension(file).length);
    return html`
      ${field({
        id: 'name',
        label: msg('Nombre'),
        hint: msg(str`Acaba en ${extension(file)}`),
        control: html`<input id="name" name="name" required maxlength="200" autofocus aria-describedby="name-hint" .value=${name} />`,
      })}
      ${descriptionField(file.description)} ${this.categories.length ? this.#category(file) : nothing}
    `;
  }

  #category({ category }: RecordFile): TemplateResult {
    return field({
      id: 'category',
      label: msg('Categoría'),
      control: html`
        <select id="category" name="category">
          <option value="">${msg('Sin categoría')}</option>
          ${this.categories.map((one) => html`<option value=${one} ?selected=${one === category}>${categoryLabel(one)}</option>`)}
        </select>
      `,
    });
  }
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
