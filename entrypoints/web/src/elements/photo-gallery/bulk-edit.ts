import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { define, MediaElement } from '../../base/index.js';
import { buttons, fields, reset, stacked, states } from '../../base/styles.js';
import { changePhoto, type PhotoChange } from '../../api/photos.js';
import { termLabel } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { msg, plural, str } from '../../i18n/index.js';
import { each } from '../../state/bulk.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import { field } from '../../ui/field.js';
import '../../ui/tag-input.js';
import type { TagsEvent } from '../../ui/tag-input.js';
import { toastProblem, toastUndo } from '../toast-stack/toasts.js';

/** Photos were changed together. */
export class BulkEditedEvent extends Event {
  constructor(readonly photos: readonly MediaDocument[]) {
    super('bulk-edited', { bubbles: true, composed: true });
  }
}

type Changes = ReadonlyMap<MediaDocument, PhotoChange>;

/** Tags, or category and subtype, of several photos at once. */
export class BulkEdit extends MediaElement {
  static readonly tag = 'cm-bulk-edit';

  @property() mode: 'tags' | 'classify' = 'tags';
  @property({ attribute: false }) photos: readonly MediaDocument[] = [];
  @property({ attribute: false }) taxonomy: Taxonomy | undefined;
  @state() private added: readonly string[] = [];
  @state() private dropped: ReadonlySet<string> = new Set();
  @state() private category = '';
  @state() private subtype = '';

  #changes(): Changes {
    if (this.mode === 'classify') {
      const change = { media_category: this.category, media_subtype: this.subtype || null };
      return new Map(this.#fitting().map((photo) => [photo, change]));
    }
    const tags = (photo: MediaDocument): string[] => [
      ...new Set([...photo.tags.filter((tag) => !this.dropped.has(tag)), ...this.added]),
    ];
    return new Map(this.photos.map((photo) => [photo, { tags: tags(photo) }]));
  }

  /** An x-ray stays an x-ray, a photo never becomes one. */
  #fitting(): MediaDocument[] {
    return this.photos.filter((photo) => (photo.media_kind === 'xray') === (this.category === 'xray'));
  }

  async #apply(changes: Changes, undoable = true): Promise<void> {
    const before = new Map([...changes].map(([photo, change]) => [photo.id, was(photo, change)]));
    const { done, failed } = await each([...changes], ([photo, change]) => changePhoto(this.api, photo.id, change));
    if (done.length > 0) {
      this.dispatchEvent(new BulkEditedEvent(done));
      const text = plural(done.length, msg('1 foto cambiada.'), msg(str`${done.length} fotos cambiadas.`));
      const back: Changes = new Map(done.map((photo) => [photo, before.get(photo.id) ?? {}]));
      if (undoable) toastUndo(text, () => void this.#apply(back, false));
    }
    const [first] = failed;
    if (!first) return;
    const text = plural(failed.length, msg('1 foto no se ha cambiado.'), msg(str`${failed.length} fotos no se han cambiado.`));
    toastProblem(text, first.problem, () => void this.#apply(new Map(failed.map(({ item }) => item)), undoable));
  }

  #save(event: Event): void {
    event.preventDefault();
    void this.#apply(this.#changes());
    this.#close();
  }

  #close(event?: Event): void {
    event?.stopPropagation();
    this.dispatchEvent(new DialogCloseEvent());
  }

  protected override render(): TemplateResult {
    const n = this.photos.length;
    const photos = plural(n, msg('1 foto'), msg(str`${n} fotos`));
    const heading = this.mode === 'tags' ? msg(str`Etiquetar ${photos}`) : msg(str`Reclasificar ${photos}`);
    const ready = this.mode === 'tags' ? this.added.length + this.dropped.size > 0 : this.category !== '' && this.#fitting().length > 0;
    return html`
      <cm-dialog heading=${heading} .open=${true} @dialog-close=${this.#close}>
        <form id="form" @submit=${this.#save}>${this.mode === 'tags' ? this.#tags() : this.#classes()}</form>
        <div slot="footer">
          <button class="button" type="button" @click=${() => this.#close()}>${msg('Cancelar')}</button>
          <button class="button primary" type="submit" form="form" ?disabled=${!ready}>${msg('Guardar')}</button>
        </div>
      </cm-dialog>
    `;
  }

  #tags(): TemplateResult {
    const present = [...new Set(this.photos.flatMap((photo) => photo.tags))].toSorted();
    const flip = (tag: string): void => {
      const next = new Set(this.dropped);
      if (!next.delete(tag)) next.add(tag);
      this.dropped = next;
    };
    return html`
      <cm-tag-input
        label=${msg('Añadir etiquetas')}
        .tags=${this.added}
        .known=${present}
        @tags-change=${(event: TagsEvent) => (this.added = event.tags)}
      ></cm-tag-input>
      ${present.length
        ? html`
            <fieldset>
              <legend>${msg('Etiquetas que ya tienen')}</legend>
              ${present.map(
                (tag) => html`
                  <label class="choice">
                    <input type="checkbox" .checked=${!this.dropped.has(tag)} @change=${() => flip(tag)} /> ${tag}
                  </label>
                `,
              )}
            </fieldset>
          `
        : nothing}
    `;
  }

  #classes(): TemplateResult {
    const kinds = new Set(this.photos.map(({ media_kind: kind }) => kind === 'xray'));
    const offered = this.taxonomy?.categories.filter(({ key }) => kinds.has(key === 'xray')) ?? [];
    const chosen = offered.find(({ key }) => key === this.category);
    const left = this.category ? this.photos.length - this.#fitting().length : 0;
    const pick = (event: Event): void => {
      this.category = (event.target as HTMLSelectElement).value;
      this.subtype = '';
    };
    return html`
      ${field({
        id: 'category',
        label: msg('Categoría'),
        control: html`
          <select id="category" autofocus @change=${pick}>
            <option value="">${msg('Elige una categoría')}</option>
            ${offered.map((category) => html`<option value=${category.key}>${termLabel(category)}</option>`)}
          </select>
        `,
      })}
      ${field({
        id: 'subtype',
        label: msg('Tipo'),
        control: html`
          <select
            id="subtype"
            ?disabled=${!chosen}
            .value=${this.subtype}
            @change=${(event: Event) => (this.subtype = (event.target as HTMLSelectElement).value)}
          >
            <option value="">${msg('Sin tipo')}</option>
            ${chosen?.subtypes.map((term) => html`<option value=${term.key}>${termLabel(term)}</option>`)}
          </select>
        `,
      })}
      ${left
        ? html`<p class="notice">
            ${this.category === 'xray'
              ? plural(left, msg('1 foto no cambia: no es una radiografía.'), msg(str`${left} fotos no cambian: no son radiografías.`))
              : plural(left, msg('1 radiografía no cambia.'), msg(str`${left} radiografías no cambian.`))}
          </p>`
        : nothing}
    `;
  }

  static override styles = [
    reset,
    buttons,
    fields,
    stacked,
    states,
    css`
      legend {
        padding: 0 0 var(--cm-space-1);
        color: var(--cm-text-2);
        font: var(--cm-text-sm);
        font-weight: 500;
      }
      .choice {
        display: flex;
        align-items: center;
        gap: var(--cm-space-2);
        min-block-size: 2rem;
      }
    `,
  ];
}

/** The change that undoes a change. */
function was(photo: MediaDocument, change: PhotoChange): PhotoChange {
  if (change.tags) return { tags: photo.tags };
  return { media_category: photo.media_category, media_subtype: photo.media_subtype };
}

define(BulkEdit);

declare global {
  interface HTMLElementTagNameMap {
    'cm-bulk-edit': BulkEdit;
  }
  interface HTMLElementEventMap {
    'bulk-edited': BulkEditedEvent;
  }
}
