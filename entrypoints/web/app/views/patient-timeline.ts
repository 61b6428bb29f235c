import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { CalendarCheck, Columns2, History, ImageUp, NotebookPen } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { listPhotos } from '../../src/api/photos.js';
import { recentNotes } from '../../src/api/notes.js';
import { listTimeline, type TimelineEntry, type TimelineType } from '../../src/api/timeline.js';
import type { MediaDocument, Note } from '../../src/api/types.js';
import { kindOf } from '../../src/elements/note-list/words.js';
import { msg, str } from '../../src/i18n/index.js';
import { emptyState } from '../../src/ui/states.js';
import { Listing } from '../question.js';
import { pathTo } from '../router.js';
import { page } from '../styles.js';
import { byDay, dayTitle, hour } from '../words.js';

const ICONS = { upload: ImageUp, note: NotebookPen, pairing: Columns2, visit: CalendarCheck };
const MOST_PICTURES = 200;

/** Cronología: what happened with a patient, newest first. */
export class PatientTimeline extends MediaElement {
  static readonly tag = 'patient-timeline';

  @property({ attribute: false }) patientId = '';
  @state() kind: TimelineType | null = null;
  /** What the entries name, where it is known: an entry without it is told in words. */
  @state() private pictures = new Map<string, MediaDocument>();
  @state() private notes = new Map<string, Note>();

  readonly #list = new Listing<TimelineEntry>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('patientId')) void this.#illustrate();
    if (!changed.has('patientId') && !changed.has('kind')) return;
    this.#list.forget();
    const types = this.kind ? [this.kind] : [];
    void this.#list.start((cursor, signal) => listTimeline(this.api, this.patientId, types, cursor, signal));
  }

  async #illustrate(): Promise<void> {
    const id = this.patientId;
    const [photos, notes] = await Promise.allSettled([
      listPhotos(this.api, id, { page_size: MOST_PICTURES }),
      recentNotes(this.api, id),
    ]);
    if (id !== this.patientId) return;
    if (photos.status === 'fulfilled') this.pictures = new Map(photos.value.data.map((one) => [one.id, one]));
    if (notes.status === 'fulfilled') this.notes = new Map(notes.value.data.map((one) => [one.id, one]));
  }

  protected override render(): TemplateResult {
    const { items } = this.#list;
    return html`
      ${this.#kinds()}
      ${items && !this.#list.problem ? this.#days(withoutTwins(items)) : this.#list.instead(bones())}
    `;
  }

  #kinds(): TemplateResult {
    const names: [TimelineType | null, string][] = [
      [null, msg('Todo')],
      ['upload', msg('Archivos')],
      ['note', msg('Notas')],
      ['pairing', msg('Parejas')],
      ['visit', msg('Visitas')],
    ];
    return html`
      <div class="chips" role="group" aria-label=${msg('Qué se muestra')}>
        ${names.map(
          ([kind, label]) => html`
            <button class="chip" type="button" aria-pressed=${this.kind === kind} @click=${() => (this.kind = kind)}>${label}</button>
          `,
        )}
      </div>
    `;
  }

  #days(entries: readonly TimelineEntry[]): TemplateResult {
    if (entries.length === 0) {
      return emptyState({
        icon: History,
        title: this.kind ? msg('Nada de esta clase') : msg('Todavía no ha pasado nada'),
        text: this.kind ? undefined : msg('Fotos, notas y visitas aparecen aquí según llegan.'),
        actions: this.kind
          ? html`<button class="button" type="button" @click=${() => (this.kind = null)}>${msg('Ver todo')}</button>`
          : html`<a class="button" href=${pathTo('patients', this.patientId, 'gallery')}>${msg('Ir a la galería')}</a>`,
      });
    }
    return html`
      ${byDay(entries, ({ at }) => at).map(
        ({ items }) => html`
          <section class="day">
            <h2>${dayTitle(items[0]?.at ?? '')}</h2>
            <ol>${items.map((entry) => this.#entry(entry))}</ol>
          </section>
        `,
      )}
      ${this.#list.hasMore ? html`<button class="button more" type="button" @click=${this.#list.more}>${msg('Ver más')}</button>` : nothing}
    `;
  }

  #entry(entry: TimelineEntry): TemplateResult {
    const note = this.notes.get(entry.id);
    return html`
      <li class="entry">
        <span class="mark ${entry.type}">${icon(ICONS[entry.type])}</span>
        <div class="what">
          <p class="line"><span>${this.#sentence(entry)}</span> <time class="quiet-text" datetime=${entry.at}>${hour(entry.at)}</time></p>
          ${note ? html`<p class="body">${note.body}</p>` : nothing}
          ${note ? this.#thumbs(note.attachments.map((one) => one.document_id)) : nothing}
          ${entry.type === 'upload' || entry.type === 'pairing' ? this.#thumbs([entry.document_id, entry.other_document_id]) : nothing}
        </div>
      </li>
    `;
  }

  #sentence(entry: TimelineEntry): TemplateResult {
    const note = this.notes.get(entry.id);
    const picture = this.pictures.has(entry.document_id ?? '');
    switch (entry.type) {
      case 'upload':
        return html`<span class="name">${entry.title}</span> <span class="quiet-text">${picture ? msg('foto subida') : msg('documento subido')}</span>`;
      case 'pairing':
        return html`<span class="name">${msg('Antes y después')}</span> <span class="quiet-text">${entry.title}</span>`;
      case 'note':
        return html`
          <span class="name">${note ? kindOf(note) : msg('Nota')}</span>
          <span class="quiet-text">${note ? msg(str`nota de ${note.author.name}`) : nothing}</span>
        `;
      case 'visit':
        return html`<span class="name">${entry.title}</span> <span class="quiet-text">${msg('visita')}</span>`;
    }
  }

  #thumbs(ids: readonly (string | null)[]): TemplateResult | typeof nothing {
    const known = ids.map((id) => this.pictures.get(id ?? '')).filter((one) => one?.thumb_url);
    if (known.length === 0) return nothing;
    return html`
      <div class="thumbs">
        ${known.map(
          (one) => html`
            <a href="${pathTo('patients', this.patientId, 'gallery')}?photo=${one?.id ?? ''}">
              <img src=${this.api.link(one?.thumb_url)} alt=${msg(str`Ver ${one?.title ?? ''} en la galería`)} loading="lazy" />
            </a>
          `,
        )}
      </div>
    `;
  }

  static override styles = [
    ...page,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--cm-space-6);
        max-inline-size: 56rem;
      }
      .day {
        display: grid;
        gap: var(--cm-space-3);
      }
      .day h2 {
        font: var(--cm-text-md);
        font-weight: 600;
      }
      .entry {
        position: relative;
        display: grid;
        grid-template-columns: 2rem minmax(0, 1fr);
        gap: var(--cm-space-3);
        padding-block-end: var(--cm-space-4);
      }
      .entry:not(:last-child)::before {
        position: absolute;
        inset: 2rem auto 0 calc(1rem - 0.5px);
        inline-size: 1px;
        background: var(--cm-border);
        content: '';
      }
      .mark {
        display: grid;
        place-items: center;
        inline-size: 2rem;
        block-size: 2rem;
        border-radius: 50%;
        background: var(--cm-sunken);
        color: var(--cm-text-2);
        font-size: 0.8125rem;
      }
      .mark.note {
        background: var(--cm-info-soft);
        color: var(--cm-info);
      }
      .mark.visit {
        background: var(--cm-success-soft);
        color: var(--cm-success);
      }
      .mark.pairing {
        background: var(--cm-warning-soft);
        color: var(--cm-warning);
      }
      .what {
        display: grid;
        gap: var(--cm-space-2);
        padding-block-start: 0.375rem;
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: baseline;
        gap: var(--cm-space-3);
      }
      .name {
        font-weight: 500;
      }
      .line time {
        font-variant-numeric: tabular-nums;
      }
      .body {
        color: var(--cm-text-2);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .thumbs {
        display: flex;
        flex-wrap: wrap;
        gap: var(--cm-space-2);
      }
      .thumbs a {
        border-radius: var(--cm-radius-1);
      }
      .thumbs img {
        inline-size: 72px;
        block-size: 72px;
        border-radius: var(--cm-radius-1);
        background: var(--cm-sunken);
        object-fit: cover;
      }
    `,
  ];
}

/** An appointment and the treatment done in it are one visit to those who read this. */
function withoutTwins(entries: readonly TimelineEntry[]): TimelineEntry[] {
  const visits = new Set(entries.filter((one) => one.owner_type === 'appointment').map(({ at, title }) => at + title));
  return entries.filter((one) => one.owner_type !== 'appointment_treatment' || !visits.has(one.at + one.title));
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(PatientTimeline);

declare global {
  interface HTMLElementTagNameMap {
    'patient-timeline': PatientTimeline;
  }
}
