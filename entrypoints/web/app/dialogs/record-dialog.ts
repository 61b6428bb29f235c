import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { FileQuestionMark, Pencil } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { everyPatient, putRecord, type ClinicRecord, type Patient } from '../../src/api/directory.js';
import { explain } from '../../src/api/problem.js';
import type { Session } from '../../src/api/session.js';
import type { DocumentManager } from '../../src/elements/document-manager/document-manager.js';
import { msg } from '../../src/i18n/index.js';
import '../../src/ui/dialog.js';
import { DialogCloseEvent } from '../../src/ui/dialog-close.js';
import { field } from '../../src/ui/field.js';
import { day, fromLocalInput, localInput } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import { recordType, sectionWords, type Section } from '../record-sections.js';
import { go, pathTo } from '../router.js';
import { may } from '../session.js';
import { page } from '../styles.js';

/** A record with its files: to look at, to change, or one that is not there yet. */
export class RecordDialog extends MediaElement {
  static readonly tag = 'record-dialog';

  @property({ attribute: false }) session?: Session;
  @property() section: Section = 'results';
  @property({ attribute: false }) record?: ClinicRecord;
  @property() mode: 'view' | 'edit' | 'create' = 'view';
  @property({ type: Boolean }) open = false;
  @state() private patients: readonly Patient[] = [];
  @state() private problem: unknown = null;
  @state() private busy = false;
  @query('document-manager') private manager!: DocumentManager | null;
  @query('form') private form!: HTMLFormElement | null;

  /** A record that is stored while some of its files are not: a second try is about those. */
  #stored: { id: string; patient: string } | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('open') && !changed.has('mode')) return;
    this.problem = null;
    this.#stored = null;
    if (this.open && this.mode === 'create') void this.#findPatients();
  }

  async #findPatients(): Promise<void> {
    try {
      this.patients = await everyPatient(this.api);
    } catch (problem) {
      this.problem = problem;
    }
  }

  #close(event?: Event): void {
    event?.preventDefault();
    this.dispatchEvent(new DialogCloseEvent());
  }

  async #submitted(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy || !this.form) return;
    this.busy = true;
    this.problem = null;
    try {
      const id = await this.#store(new FormData(this.form));
      const files = await this.manager?.flush(id);
      this.dispatchEvent(new Event('record-saved', { bubbles: true }));
      if (!files || files.complete) this.#close();
    } catch (problem) {
      this.problem = problem;
    }
    this.busy = false;
  }

  #may(permission: string): boolean {
    return may(this.session, permission, this.record?.patient_id);
  }

  /** The record itself, where it may be changed. */
  async #store(said: FormData): Promise<string> {
    const word = (name: string): string => String(said.get(name) ?? '').trim();
    const type = recordType(this.section);
    const { record } = this;
    if (record && !may(this.session, 'directory.write')) return record.owner_id;
    const owner_id = record?.owner_id ?? this.#stored?.id ?? `${type}-${crypto.randomUUID()}`;
    const patient_id = record?.patient_id ?? this.#stored?.patient ?? word('patient');
    await putRecord(this.api, { owner_type: type, owner_id, patient_id, title: word('title'), occurred_at: fromLocalInput(word('at')) });
    this.#stored = { id: owner_id, patient: patient_id };
    return owner_id;
  }

  protected override render(): TemplateResult {
    const { mode, record, open } = this;
    const missing = mode !== 'create' && !record;
    const heading = mode === 'create' ? sectionWords(this.section).newOne : (record?.title ?? msg('No encontrado'));
    return html`
      <cm-dialog heading=${heading} .open=${open} @dialog-close=${(event: Event) => this.#close(event)}>
        ${open ? (missing ? gone() : this.#body()) : nothing}
        <div slot="footer">${missing ? nothing : this.#foot()}</div>
      </cm-dialog>
    `;
  }

  #body(): TemplateResult {
    const { record, mode } = this;
    return html`
      <div class="body">
        ${mode === 'view' && record ? about(record) : this.#form()}
        <section aria-labelledby="files">
          <h3 id="files">${msg('Archivos')}</h3>
          <document-manager
            entity-type=${recordType(this.section)}
            entity-id=${record?.owner_id ?? ''}
            mode=${mode}
            ?readonly=${!this.#may('media.documents.write')}
            ?no-delete=${!this.#may('media.documents.delete')}
            label=${record?.title ?? sectionWords(this.section).newOne}
          ></document-manager>
        </section>
        ${this.problem ? html`<p class="notice danger" role="alert">${explain(this.problem)}</p>` : nothing}
      </div>
    `;
  }

  #form(): TemplateResult {
    const { record, mode } = this;
    const fixed = !may(this.session, 'directory.write');
    const title = html`<input id="title" name="title" required maxlength="200" autocomplete="off" ?readonly=${fixed} .value=${record?.title ?? ''} />`;
    const at = html`<input id="at" name="at" type="datetime-local" ?readonly=${fixed} .value=${localInput(record?.occurred_at)} />`;
    const patient = html`
      <select id="patient" name="patient" required ?disabled=${this.#stored !== null}>
        <option value="">${msg('Elige un paciente')}</option>
        ${this.patients.map(({ id, display_name: name }) => html`<option value=${id}>${name}</option>`)}
      </select>
    `;
    return html`
      <form @submit=${this.#submitted}>
        ${field({ id: 'title', label: msg('Título'), control: title })}
        <div class="pair">
          ${mode === 'create' ? field({ id: 'patient', label: msg('Paciente'), control: patient }) : nothing}
          ${field({ id: 'at', label: msg('Fecha'), control: at })}
        </div>
      </form>
    `;
  }

  #foot(): TemplateResult {
    if (this.mode === 'view') {
      const edits = this.#may('media.documents.write');
      const edit = (): void => go(pathTo(this.section, this.record?.owner_id ?? '', 'edit'), { replace: true, stay: true });
      return html`
        ${edits ? html`<button class="button" type="button" @click=${edit}>${icon(Pencil)}${msg('Editar')}</button>` : nothing}
        <button class="button primary" type="button" @click=${() => this.#close()}>${msg('Cerrar')}</button>
      `;
    }
    return html`
      <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
      <button class="button primary" type="button" aria-disabled=${this.busy} @click=${() => this.form?.requestSubmit()}>
        ${this.busy ? msg('Guardando…') : msg('Guardar')}
      </button>
    `;
  }

  static override styles = [
    ...page,
    css`
      .body,
      form,
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-4);
      }
      .body {
        gap: var(--cm-space-6);
      }
      section {
        gap: var(--cm-space-3);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
        gap: var(--cm-space-4);
      }
      .about a {
        font-weight: 600;
      }
      [slot='footer'] {
        display: flex;
        justify-content: end;
        gap: var(--cm-space-2);
      }
    `,
  ];
}

function about({ patient, occurred_at: at }: ClinicRecord): TemplateResult {
  return html`
    <p class="about">
      <a href=${pathTo('patients', patient.id)}>${patient.display_name}</a>
      <span class="quiet-text">· ${at ? day(at) : msg('Sin fecha')}</span>
    </p>
  `;
}

function gone(): TemplateResult {
  return emptyState({ icon: FileQuestionMark, title: msg('Este registro ya no está'), text: msg('No existe, o no está a tu alcance.'), small: true });
}

define(RecordDialog);

declare global {
  interface HTMLElementTagNameMap {
    'record-dialog': RecordDialog;
  }
}
