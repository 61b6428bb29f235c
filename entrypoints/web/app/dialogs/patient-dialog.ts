import { html, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../src/base/index.js';
import { putPatient, type Patient } from '../../src/api/directory.js';
import { explain } from '../../src/api/problem.js';
import { msg } from '../../src/i18n/index.js';
import '../../src/ui/dialog.js';
import { DialogCloseEvent } from '../../src/ui/dialog-close.js';
import { field } from '../../src/ui/field.js';
import { stacked } from '../../src/base/styles.js';
import { page } from '../styles.js';

/** A patient is new, or not what it was. */
export class PatientSavedEvent extends Event {
  constructor(readonly patient: Patient) {
    super('patient-saved', { bubbles: true });
  }
}

/** What the directory knows of a patient, to change it or of a new one. */
export class PatientDialog extends MediaElement {
  static readonly tag = 'patient-dialog';

  @property({ type: Boolean }) open = false;
  /** Without it, a new one. */
  @property({ attribute: false }) patient?: Patient;
  @state() private problem: unknown = null;
  @state() private busy = false;

  #close(event?: Event): void {
    event?.preventDefault();
    this.problem = null;
    this.dispatchEvent(new DialogCloseEvent());
  }

  async #submitted(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const said = new FormData(event.target as HTMLFormElement);
    const word = (name: string): string => String(said.get(name) ?? '').trim();
    const id = this.patient?.id ?? (word('id') || `p-${crypto.randomUUID().slice(0, 8)}`);
    this.busy = true;
    this.problem = null;
    try {
      const words = { display_name: word('name'), birth_date: word('birth') || null, status: this.patient?.status ?? 'active' } as const;
      const saved = await putPatient(this.api, id, words);
      this.#close();
      this.dispatchEvent(new PatientSavedEvent(saved));
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const { patient } = this;
    const send = (): void => this.renderRoot.querySelector('form')?.requestSubmit();
    return html`
      <cm-dialog
        size="small"
        heading=${patient ? msg('Datos del paciente') : msg('Nuevo paciente')}
        .open=${this.open}
        @dialog-close=${(event: Event) => this.#close(event)}
      >
        ${this.open ? this.#form() : ''}
        <div slot="footer">
          <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
          <button class="button primary" type="button" aria-disabled=${this.busy} @click=${send}>${msg('Guardar')}</button>
        </div>
      </cm-dialog>
    `;
  }

  #form(): TemplateResult {
    const { patient } = this;
    const name = html`<input id="name" name="name" required maxlength="200" autocomplete="off" .value=${patient?.display_name ?? ''} />`;
    const birth = html`<input id="birth" name="birth" type="date" .value=${patient?.birth_date ?? ''} />`;
    const id = html`<input id="id" name="id" maxlength="64" pattern="[A-Za-z0-9._:\\-]+" autocomplete="off" />`;
    return html`
      <form @submit=${this.#submitted}>
        ${field({ id: 'name', label: msg('Nombre y apellidos'), control: name })}
        ${field({ id: 'birth', label: msg('Fecha de nacimiento'), control: birth })}
        ${patient ? '' : field({ id: 'id', label: msg('Número'), control: id, hint: msg('Vacío para que se ponga uno.') })}
        ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : ''}
      </form>
    `;
  }

  static override styles = [...page, stacked];
}

define(PatientDialog);

declare global {
  interface HTMLElementTagNameMap {
    'patient-dialog': PatientDialog;
  }
}
