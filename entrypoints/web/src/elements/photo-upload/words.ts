import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { define, MediaElement } from '../../base/index.js';
import { buttons, fields, reset } from '../../base/styles.js';
import { termLabel } from '../../api/taxonomy.js';
import type { Taxonomy } from '../../api/types.js';
import { msg } from '../../i18n/index.js';
import type { PhotoWords } from '../../state/staged.js';
import { describedBy, field } from '../../ui/field.js';
import '../../ui/tag-input.js';
import type { CmTagInput, TagsEvent } from '../../ui/tag-input.js';

/** Something else is said of the photo. */
export class WordsEvent extends Event {
  constructor(readonly change: Partial<PhotoWords>) {
    super('words-change', { bubbles: true, composed: true });
  }
}

/** Kind, category, subtype, capture date and tags of photos that are going to be uploaded; of one also its title. */
export class PhotoWordsForm extends MediaElement {
  static readonly tag = 'cm-photo-words';

  @property({ attribute: false }) words!: PhotoWords;
  @property({ attribute: false }) taxonomy: Taxonomy | undefined;
  /** For one file: offer a title, with this one as what it will be otherwise. */
  @property() name = '';
  /** Say that the category is missing. */
  @property({ type: Boolean }) incomplete = false;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('#category:not([disabled]), #subtype')?.focus();
  }

  /** Take what is still being typed. */
  complete(): void {
    this.renderRoot.querySelector<CmTagInput>('cm-tag-input')?.complete();
  }

  #say(change: Partial<PhotoWords>): void {
    this.dispatchEvent(new WordsEvent(change));
  }

  protected override render(): TemplateResult {
    const { words } = this;
    return html`
      ${this.name ? this.#title() : nothing}
      <div class="field">
        <span class="label" id="kind">${msg('Qué es')}</span>
        <div class="kinds" role="group" aria-labelledby="kind">
          ${this.#kind('photo', msg('Foto'))} ${this.#kind('xray', msg('Radiografía'))}
        </div>
      </div>
      ${words.kind === 'photo' ? this.#category() : nothing} ${this.#subtype()} ${this.#captured()}
      <cm-tag-input
        label=${msg('Etiquetas')}
        .tags=${words.tags}
        @tags-change=${(event: TagsEvent) => this.#say({ tags: event.tags })}
      ></cm-tag-input>
    `;
  }

  #title(): TemplateResult {
    return field({
      id: 'title',
      label: msg('Título'),
      control: html`
        <input
          id="title"
          maxlength="255"
          placeholder=${this.name}
          .value=${live(this.words.title)}
          @input=${(event: Event) => this.#say({ title: (event.target as HTMLInputElement).value })}
        />
      `,
    });
  }

  #kind(kind: PhotoWords['kind'], label: string): TemplateResult {
    const pressed = this.words.kind === kind;
    return html`<button class="chip" type="button" aria-pressed=${pressed} @click=${() => pressed || this.#say({ kind })}>${label}</button>`;
  }

  #category(): TemplateResult {
    const { words } = this;
    const fault = this.incomplete && !words.category ? msg('Elige una categoría') : undefined;
    const offered = this.taxonomy?.categories.filter(({ key }) => key !== 'xray') ?? [];
    return field({
      id: 'category',
      label: msg('Categoría'),
      fault,
      control: html`
        <select
          id="category"
          required
          aria-invalid=${fault ? 'true' : nothing}
          aria-describedby=${describedBy('category', { fault })}
          @change=${(event: Event) => this.#say({ category: (event.target as HTMLSelectElement).value })}
        >
          <option value="" ?selected=${!words.category}>${msg('Elige una categoría')}</option>
          ${offered.map((one) => html`<option value=${one.key} ?selected=${one.key === words.category}>${termLabel(one)}</option>`)}
        </select>
      `,
    });
  }

  #subtype(): TemplateResult {
    const { words } = this;
    const offered = this.taxonomy?.categories.find(({ key }) => key === words.category)?.subtypes ?? [];
    return field({
      id: 'subtype',
      label: msg('Tipo'),
      control: html`
        <select
          id="subtype"
          ?disabled=${offered.length === 0}
          @change=${(event: Event) => this.#say({ subtype: (event.target as HTMLSelectElement).value })}
        >
          <option value="" ?selected=${!words.subtype}>${msg('Sin tipo')}</option>
          ${offered.map((one) => html`<option value=${one.key} ?selected=${one.key === words.subtype}>${termLabel(one)}</option>`)}
        </select>
      `,
    });
  }

  #captured(): TemplateResult {
    const auto = this.words.captured === '';
    const hint = auto ? msg('Auto desde EXIF') : undefined;
    return field({
      id: 'captured',
      label: msg('Fecha de captura'),
      hint,
      control: html`
        <input
          id="captured"
          type="datetime-local"
          aria-describedby=${describedBy('captured', { hint })}
          .value=${live(this.words.captured)}
          @input=${(event: Event) => this.#say({ captured: (event.target as HTMLInputElement).value })}
        />
      `,
    });
  }

  static override styles = [
    reset,
    buttons,
    fields,
    css`
      :host {
        display: grid;
        gap: var(--cm-space-3);
        align-content: start;
      }
      .kinds {
        display: flex;
        gap: var(--cm-space-2);
      }
      .kinds .chip {
        min-block-size: var(--cm-size);
      }
    `,
  ];
}

define(PhotoWordsForm);

declare global {
  interface HTMLElementTagNameMap {
    'cm-photo-words': PhotoWordsForm;
  }
}
