import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { MediaElement } from '../base/index.js';
import { buttons, fields, reset, stacked, states } from '../base/styles.js';
import { explain } from '../api/problem.js';
import { announce } from '../controllers/announce.js';
import { msg, str } from '../i18n/index.js';
import { DialogCloseEvent } from './dialog.js';
import './dialog.js';
import { field } from './field.js';

/** A dialog in which what is said of a thing is changed; open while there is one. */
export abstract class EditForm<Thing> extends MediaElement {
  @property({ attribute: false }) edited: Thing | undefined;
  @state() private saving = false;
  @state() private problem: unknown = null;

  /** What it is called. */
  protected abstract nameOf(thing: Thing): string;
  /** The controls, each with the name by which `save` asks for its text. */
  protected abstract controls(thing: Thing): TemplateResult;
  /** Send the change and tell of it. Throws `Problem`. */
  protected abstract save(thing: Thing, text: (name: string) => string): Promise<Event>;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('edited')) Object.assign(this, { saving: false, problem: null });
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const { edited } = this;
    if (!edited || this.saving) return;
    const said = new FormData(event.target as HTMLFormElement);
    this.saving = true;
    this.problem = null;
    try {
      this.dispatchEvent(await this.save(edited, (name) => String(said.get(name) ?? '').trim()));
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
    const { edited } = this;
    const heading = msg(str`Datos de «${edited ? this.nameOf(edited) : ''}»`);
    return html`
      <cm-dialog heading=${heading} .open=${edited !== undefined} @dialog-close=${this.#close}>
        ${edited ? this.#form(edited) : nothing}
        <div slot="footer">
          <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
          <button class="button primary" type="submit" form="form" aria-disabled=${this.saving}>
            ${this.saving ? msg('Guardando…') : msg('Guardar')}
          </button>
        </div>
      </cm-dialog>
    `;
  }

  #form(edited: Thing): TemplateResult {
    return html`
      <form id="form" @submit=${this.#submit}>
        ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : nothing} ${this.controls(edited)}
      </form>
    `;
  }

  static override styles = [reset, buttons, fields, stacked, states];
}

export function descriptionField(description: string | null): TemplateResult {
  return field({
    id: 'description',
    label: msg('Descripción'),
    control: html`<textarea id="description" name="description" rows="3" maxlength="2000" .value=${description ?? ''}></textarea>`,
  });
}
