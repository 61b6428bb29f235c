import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { FolderOpen, Plus, Search, SearchX } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { everyRecord, type ClinicRecord } from '../../src/api/directory.js';
import type { Session } from '../../src/api/session.js';
import { msg, plural, str } from '../../src/i18n/index.js';
import { count, day } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import '../dialogs/record-dialog.js';
import { Question } from '../question.js';
import { recordType, sectionTitle, sectionWords, type Section } from '../record-sections.js';
import { leave, pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';

const STEP = 60;

/** Records with files: results, insurance, visits, procedures. */
export class RecordsPage extends MediaElement {
  static readonly tag = 'records-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @property() section: Section = 'results';
  /** The record that is open; `new` for one that is not there yet. */
  @property({ attribute: false }) recordId = '';
  /** `edit`, or empty to look at it. */
  @property({ attribute: false }) act = '';
  @state() private text = '';
  @state() private shown = STEP;

  readonly #records = new Question<ClinicRecord[]>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('section')) return;
    this.text = '';
    this.shown = STEP;
    this.#records.forget();
    void this.#load();
  }

  #load(): Promise<void> {
    const type = recordType(this.section);
    return this.#records.ask(async (signal) => {
      const records = await everyRecord(this.api, [type], signal);
      return records.toSorted((one, two) => (two.occurred_at ?? '').localeCompare(one.occurred_at ?? ''));
    });
  }

  get #found(): ClinicRecord[] {
    const wanted = folded(this.text);
    return (this.#records.value ?? []).filter(({ title, patient }) => folded(`${title} ${patient.display_name}`).includes(wanted));
  }

  protected override render(): TemplateResult {
    const records = this.#records.value;
    const home = pathTo(this.section);
    return html`
      <div class="page">
        <div class="top">
          <h1>${sectionTitle(this.section)}</h1>
          ${may(this.session, 'directory.write')
            ? html`<a class="button" href=${pathTo(this.section, 'new')} data-stay>${icon(Plus)}${sectionWords(this.section).newOne}</a>`
            : nothing}
        </div>
        ${records?.length ? this.#search() : nothing}
        ${records && !this.#records.problem ? this.#cards(records) : this.#records.instead(bones())}
      </div>
      <record-dialog
        .session=${this.session}
        .section=${this.section}
        .record=${records?.find(({ owner_id: id }) => id === this.recordId)}
        .mode=${this.recordId === 'new' ? 'create' : this.act === 'edit' ? 'edit' : 'view'}
        .open=${this.recordId !== '' && records !== undefined}
        @dialog-close=${() => leave(home)}
        @record-saved=${() => void this.#load()}
      ></record-dialog>
    `;
  }

  #search(): TemplateResult {
    const n = this.#found.length;
    return html`
      <div class="search" role="search">
        ${icon(Search)}
        <input
          type="search"
          aria-label=${msg('Buscar por título o paciente')}
          placeholder=${msg('Título o paciente')}
          .value=${this.text}
          @input=${(event: Event) => (this.text = (event.target as HTMLInputElement).value)}
        />
        <p class="sr-only" role="status">${this.text ? plural(n, msg('1 encontrado'), msg(str`${count(n)} encontrados`)) : nothing}</p>
      </div>
    `;
  }

  #cards(records: readonly ClinicRecord[]): TemplateResult {
    if (records.length === 0) {
      return emptyState({
        icon: FolderOpen,
        title: sectionWords(this.section).none,
        text: msg('Los que lleve el sistema de la clínica aparecen aquí.'),
        actions: html`<a class="button" href="/patients">${msg('Ir a pacientes')}</a>`,
      });
    }
    const found = this.#found;
    if (found.length === 0) {
      const all = (): string => (this.text = '');
      return emptyState({
        icon: SearchX,
        title: msg(str`Nada con «${this.text}»`),
        actions: html`<button class="button" type="button" @click=${all}>${msg('Ver todos')}</button>`,
      });
    }
    return html`
      <ul class="cards">
        ${repeat(found.slice(0, this.shown), ({ owner_id: id }) => id, (record) => this.#card(record))}
      </ul>
      ${found.length > this.shown
        ? html`<button class="button more" type="button" @click=${() => (this.shown += STEP)}>${msg('Ver más')}</button>`
        : nothing}
    `;
  }

  #card({ owner_id: id, owner_type: type, title, occurred_at: at, patient }: ClinicRecord): TemplateResult {
    return html`
      <li>
        <a class="card record" href=${pathTo(this.section, id)} data-stay>
          <span class="head">
            <span class="title">${title}</span>
            <file-count-badge entity-type=${type} entity-id=${id} size="sm"></file-count-badge>
          </span>
          <span class="quiet-text">${patient.display_name}</span>
          <span class="quiet-text">${at ? day(at) : msg('Sin fecha')}</span>
        </a>
      </li>
    `;
  }

  static override styles = [
    ...page,
    css`
      .cards {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr));
        gap: var(--cm-space-4);
      }
      .cards li {
        display: grid;
      }
      .record {
        gap: var(--cm-space-1);
        padding: var(--cm-space-4);
        color: var(--cm-text);
        text-decoration: none;
        transition: border-color var(--cm-fast) var(--cm-ease);
      }
      .record:hover {
        border-color: var(--cm-control);
      }
      .head {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: var(--cm-space-3);
      }
      .title {
        font-weight: 600;
        text-wrap: pretty;
      }
      .bones {
        grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr));
        gap: var(--cm-space-4);
      }
      .bone {
        block-size: 6.5rem;
        border-radius: var(--cm-radius-3);
      }
      @media (max-width: 40rem) {
        .cards {
          gap: var(--cm-space-3);
        }
      }
    `,
  ];
}

/** Without accents and capitals, for searching. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(RecordsPage);

declare global {
  interface HTMLElementTagNameMap {
    'records-page': RecordsPage;
  }
}
