import { consume } from '@lit/context';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ListChecks, NotebookPen } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { listRecords, type OwnerRecord } from '../../src/api/directory.js';
import { countNotes } from '../../src/api/notes.js';
import type { Session } from '../../src/api/session.js';
import type { NoteSavedEvent } from '../../src/elements/note-composer/events.js';
import type { NoteList } from '../../src/elements/note-list/note-list.js';
import { msg, plural, str } from '../../src/i18n/index.js';
import { day } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import { Question } from '../question.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';

const KINDS = ['plan', 'plan_item', 'treatment'] as const;
type Kind = (typeof KINDS)[number];

/** Plan: plans, their items and treatments, each with its strip, and with notes where that kind has them. */
export class PatientPlan extends MediaElement {
  static readonly tag = 'patient-plan';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @property({ attribute: false }) patientId = '';
  /** Records whose notes are open. */
  @state() private open: ReadonlySet<string> = new Set();
  @state() private counts = new Map<string, number>();

  readonly #records = new Question<OwnerRecord[]>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('patientId')) return;
    this.#records.forget();
    void this.#records.ask(async (signal) => {
      const all = await listRecords(this.api, this.patientId, undefined, signal);
      return all.filter(({ owner_type: type }) => (KINDS as readonly string[]).includes(type));
    }).then(() => this.#count());
  }

  async #count(): Promise<void> {
    if (!may(this.session, 'notes.read')) return;
    const ids = (kind: Kind): string[] => this.#of(kind).map((one) => one.owner_id);
    const ask = (kind: Kind): Promise<Map<string, number>> =>
      ids(kind).length ? countNotes(this.api, kind, ids(kind)).catch(() => new Map()) : Promise.resolve(new Map());
    const found = await Promise.all([ask('plan'), ask('treatment')]);
    this.counts = new Map(found.flatMap((counts) => [...counts]));
  }

  #of(kind: Kind): OwnerRecord[] {
    return this.#records.value?.filter((one) => one.owner_type === kind) ?? [];
  }

  protected override render(): TemplateResult {
    const records = this.#records.value;
    if (!records || this.#records.problem) return this.#records.instead(bones());
    if (records.length === 0) {
      return emptyState({
        icon: ListChecks,
        title: msg('Sin plan de tratamiento'),
        text: msg('Los planes y tratamientos que lleve el sistema de la clínica aparecen aquí.'),
      });
    }
    return html`
      ${this.#group(msg('Planes'), this.#of('plan'))} ${this.#group(msg('Elementos del plan'), this.#of('plan_item'))}
      ${this.#group(msg('Tratamientos'), this.#of('treatment'))}
    `;
  }

  #group(title: string, records: readonly OwnerRecord[]): TemplateResult | typeof nothing {
    if (records.length === 0) return nothing;
    return html`
      <section class="group">
        <h2>${title}</h2>
        ${repeat(records, (one) => one.owner_id, (one) => this.#record(one))}
      </section>
    `;
  }

  #record(record: OwnerRecord): TemplateResult {
    const { owner_type: type, owner_id: id, title, occurred_at: at } = record;
    const hasNotes = type !== 'plan_item' && may(this.session, 'notes.read');
    return html`
      <article class="card">
        <header>
          <div>
            <h3>${title}</h3>
            ${at ? html`<p class="quiet-text">${day(at)}</p>` : nothing}
          </div>
          ${hasNotes ? this.#opener(id) : nothing}
        </header>
        <attachment-thumb-strip
          owner-type=${type}
          owner-id=${id}
          patient-id=${this.patientId}
          label=${msg(str`Adjuntos de ${title}`)}
          ?readonly=${!may(this.session, 'media.attachments.write', this.patientId)}
        ></attachment-thumb-strip>
        ${hasNotes && this.open.has(id) ? this.#notes(record) : nothing}
      </article>
    `;
  }

  #opener(id: string): TemplateResult {
    const n = this.counts.get(id) ?? 0;
    const toggle = (): void => {
      const next = new Set(this.open);
      if (!next.delete(id)) next.add(id);
      this.open = next;
    };
    return html`
      <button class="button quiet" type="button" aria-expanded=${this.open.has(id)} @click=${toggle}>
        ${icon(NotebookPen)}${n === 0 ? msg('Notas') : plural(n, msg('1 nota'), msg(str`${n} notas`))}
      </button>
    `;
  }

  #notes({ owner_type: type, owner_id: id }: OwnerRecord): TemplateResult {
    const saved = (event: NoteSavedEvent): void => {
      const notes = (event.currentTarget as HTMLElement).parentElement?.querySelector<NoteList>('note-list');
      notes?.add(event.note);
      this.counts = new Map(this.counts).set(id, (this.counts.get(id) ?? 0) + 1);
      void (event.currentTarget as HTMLElement).closest('article')?.querySelector('attachment-thumb-strip')?.reload();
    };
    return html`
      <div class="notes">
        ${may(this.session, 'notes.write')
          ? html`<note-composer owner-type=${type} owner-id=${id} patient-id=${this.patientId} @note-saved=${saved}></note-composer>`
          : nothing}
        <note-list
          owner-type=${type}
          owner-id=${id}
          user-id=${this.session?.user_id ?? ''}
          ?admin=${this.session?.roles.includes('admin') ?? false}
        ></note-list>
      </div>
    `;
  }

  static override styles = [
    ...page,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-8);
        max-inline-size: 60rem;
      }
      .group {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-3);
      }
      .card {
        padding: var(--cm-space-4) var(--cm-space-6);
      }
      .card > header {
        flex-wrap: nowrap;
      }
      .notes {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-6);
        padding-block-start: var(--cm-space-4);
        border-block-start: 1px solid var(--cm-border);
      }
      @media (max-width: 40rem) {
        .card {
          padding: var(--cm-space-4);
        }
      }
    `,
  ];
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(PatientPlan);

declare global {
  interface HTMLElementTagNameMap {
    'patient-plan': PatientPlan;
  }
}
