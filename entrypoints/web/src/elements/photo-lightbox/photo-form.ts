import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { define, MediaElement } from '../../base/index.js';
import { buttons, fields, reset, stacked, states } from '../../base/styles.js';
import { changeDocument, changePhoto, getDocument, type PhotoChange } from '../../api/photos.js';
import { explain, Problem } from '../../api/problem.js';
import { termLabel } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { msg } from '../../i18n/index.js';
import { describedBy, field } from '../../ui/field.js';
import { fromLocalInput, localInput } from '../../ui/format.js';
import '../../ui/tag-input.js';
import type { CmTagInput, TagsEvent } from '../../ui/tag-input.js';
import { PhotoChangeEvent } from './events.js';

/** The form is done with, saved or not. */
export class FormCloseEvent extends Event {
  constructor() {
    super('form-close', { bubbles: true });
  }
}

interface Draft {
  title: string;
  category: string;
  subtype: string;
  captured: string;
  tags: readonly string[];
}

function draftOf(photo: MediaDocument): Draft {
  return {
    title: photo.title,
    category: photo.media_category ?? '',
    subtype: photo.media_subtype ?? '',
    captured: localInput(photo.captured_at),
    tags: photo.tags,
  };
}

/** What a draft changes of a photo, as the API wants it. */
export function changeOf(photo: MediaDocument, draft: Draft): PhotoChange {
  const was = draftOf(photo);
  const change: PhotoChange = {};
  if (draft.category !== was.category) change.media_category = draft.category || null;
  if (draft.subtype !== was.subtype || 'media_category' in change) change.media_subtype = draft.subtype || null;
  if (draft.captured !== was.captured) change.captured_at = fromLocalInput(draft.captured);
  if (String(draft.tags) !== String(was.tags)) change.tags = [...draft.tags];
  return change;
}

/** Title, classification, capture date and tags of one photo. */
export class PhotoForm extends MediaElement {
  static readonly tag = 'cm-photo-form';

  @property({ attribute: false }) photo!: MediaDocument;
  @property({ attribute: false }) taxonomy: Taxonomy | undefined;
  @state() private draft!: Draft;
  @state() private saving = false;
  @state() private problem: unknown = null;
  @query('input, select') private first!: HTMLElement | null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const before = changed.get('photo');
    if (!changed.has('photo') || before?.id === this.photo.id) return;
    this.draft = draftOf(this.photo);
    this.problem = null;
    this.saving = false;
  }

  override focus(): void {
    this.first?.focus();
  }

  #set(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.saving) return;
    const { photo, draft } = this;
    // A tag that was typed but not yet turned into a chip counts.
    const tags = this.renderRoot.querySelector<CmTagInput>('cm-tag-input')?.complete() ?? draft.tags;
    this.saving = true;
    this.problem = null;
    try {
      const saved = await this.#stored(photo, { ...draft, tags });
      this.dispatchEvent(new PhotoChangeEvent('changed', [saved]));
      announce(msg('Guardado'));
      if (this.photo.id === photo.id) this.#close();
    } catch (problem) {
      if (this.photo.id === photo.id) this.problem = problem;
      if (problem instanceof Problem && problem.status === 412) await this.#renew(photo);
    }
    this.saving = false;
  }

  async #stored(photo: MediaDocument, draft: Draft): Promise<MediaDocument> {
    const change = changeOf(photo, draft);
    let saved = photo;
    if (Object.keys(change).length > 0) saved = await changePhoto(this.api, photo.id, change, photo.version);
    const title = draft.title.trim();
    if (title && title !== photo.title) saved = await changeDocument(this.api, photo.id, { title }, saved.version);
    return saved;
  }

  /** Someone was faster: show what they wrote, keep what was typed here. */
  async #renew(photo: MediaDocument): Promise<void> {
    const current = await getDocument(this.api, photo.id).catch(() => null);
    if (current) this.dispatchEvent(new PhotoChangeEvent('changed', [current]));
  }

  #close(): void {
    this.dispatchEvent(new FormCloseEvent());
  }

  #fault(name: string): string | undefined {
    return this.problem instanceof Problem ? this.problem.faults.find((fault) => fault.field === name)?.message : undefined;
  }

  protected override render(): TemplateResult {
    const { draft, problem } = this;
    const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;
    const fault = this.#fault('title');
    return html`
      <form @submit=${this.#save}>
        ${field({
          id: 'title',
          label: msg('Título'),
          fault,
          control: html`
            <input
              id="title"
              required
              maxlength="255"
              .value=${live(draft.title)}
              aria-invalid=${fault ? 'true' : nothing}
              aria-describedby=${describedBy('title', { fault })}
              @input=${(event: Event) => this.#set({ title: valueOf(event) })}
            />
          `,
        })}
        ${this.#classification()} ${this.#captured()}
        <cm-tag-input
          label=${msg('Etiquetas')}
          .tags=${draft.tags}
          @tags-change=${(event: TagsEvent) => this.#set({ tags: event.tags })}
        ></cm-tag-input>
        ${problem ? html`<p class="notice danger" role="alert">${explain(problem)}</p>` : nothing}
        <div class="actions">
          <button class="button" type="button" @click=${this.#close}>${msg('Cancelar')}</button>
          <button class="button primary" type="submit" aria-disabled=${this.saving}>
            ${this.saving ? msg('Guardando…') : msg('Guardar')}
          </button>
        </div>
      </form>
    `;
  }

  #classification(): TemplateResult {
    const { draft, photo } = this;
    const categories = this.taxonomy?.categories.filter(({ key }) => (key === 'xray') === (photo.media_kind === 'xray')) ?? [];
    const subtypes = categories.find(({ key }) => key === draft.category)?.subtypes ?? [];
    return html`
      ${field({
        id: 'category',
        label: msg('Categoría'),
        control: html`
          <select
            id="category"
            ?disabled=${categories.length === 1}
            @change=${(event: Event) => this.#set({ category: (event.target as HTMLSelectElement).value, subtype: '' })}
          >
            ${draft.category ? nothing : html`<option value="">${msg('Sin clasificar')}</option>`}
            ${categories.map((one) => html`<option value=${one.key} ?selected=${one.key === draft.category}>${termLabel(one)}</option>`)}
          </select>
        `,
      })}
      ${field({
        id: 'subtype',
        label: msg('Tipo'),
        control: html`
          <select
            id="subtype"
            ?disabled=${subtypes.length === 0}
            @change=${(event: Event) => this.#set({ subtype: (event.target as HTMLSelectElement).value })}
          >
            <option value="" ?selected=${!draft.subtype}>${msg('Sin tipo')}</option>
            ${subtypes.map((one) => html`<option value=${one.key} ?selected=${one.key === draft.subtype}>${termLabel(one)}</option>`)}
          </select>
        `,
      })}
    `;
  }

  #captured(): TemplateResult {
    const hint = this.photo.captured_at_source === 'exif' ? msg('Leída del archivo') : undefined;
    return field({
      id: 'captured',
      label: msg('Fecha de captura'),
      hint,
      fault: this.#fault('captured_at'),
      control: html`
        <input
          id="captured"
          type="datetime-local"
          .value=${live(this.draft.captured)}
          aria-describedby=${describedBy('captured', { hint, fault: this.#fault('captured_at') })}
          @input=${(event: Event) => this.#set({ captured: (event.target as HTMLInputElement).value })}
        />
      `,
    });
  }

  static override styles = [
    reset,
    buttons,
    fields,
    stacked,
    states,
    css`
      :host {
        display: block;
      }
      .actions {
        position: sticky;
        inset-block-end: calc(-1 * var(--cm-space-4));
        padding-block: var(--cm-space-2);
        background: var(--cm-surface);
        display: flex;
        justify-content: flex-end;
        gap: var(--cm-space-2);
      }
    `,
  ];
}

define(PhotoForm);

declare global {
  interface HTMLElementTagNameMap {
    'cm-photo-form': PhotoForm;
  }
}
