import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ArrowDown, ArrowUp, FileArchive, Search, SlidersHorizontal, Trash, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { msg, plural, str } from '../../i18n/index.js';
import { EVERY_FILE, fileRestrictions, groupOf, reordered, type FileFilter, type FileGroup, type SortKey } from '../../state/file-view.js';
import { field } from '../../ui/field.js';
import { categoryLabel } from '../../ui/file-words.js';
import { count } from '../../ui/format.js';
import type { FileRows } from './rows.js';

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

export function groupLabel(group: FileGroup): string {
  switch (group) {
    case 'picture':
      return msg('Imágenes');
    case 'xray':
      return msg('Radiografías');
    case 'pdf':
      return msg('PDF');
    case 'text':
      return msg('Textos');
    case 'data':
      return msg('Hojas y datos');
  }
}

export function sortLabel(key: SortKey): string {
  switch (key) {
    case 'name':
      return msg('Nombre');
    case 'size':
      return msg('Tamaño');
    case 'type':
      return msg('Tipo');
    case 'date':
      return msg('Fecha');
    case 'category':
      return msg('Categoría');
  }
}

/** Search, filters and order. */
export function tools(rows: FileRows): TemplateResult {
  const active = fileRestrictions(rows.filter);
  const open = rows.filtersOpen;
  return html`
    <div class="tools">
      <div class="search">
        ${icon(Search)}
        <input
          type="search"
          aria-label=${msg('Buscar en los archivos')}
          placeholder=${msg('Buscar')}
          .value=${live(rows.filter.text)}
          @input=${(event: Event) => rows.refine({ text: valueOf(event) })}
        />
      </div>
      <button
        class="button filters"
        type="button"
        aria-label=${msg('Filtros')}
        aria-expanded=${open}
        aria-controls=${open ? 'filters' : nothing}
        @click=${() => (rows.filtersOpen = !open)}
      >
        ${icon(SlidersHorizontal)}<span class="word">${msg('Filtros')}</span>${active ? html`<span class="bubble">${active}</span>` : nothing}
      </button>
      ${order(rows)}
    </div>
  `;
}

/** The order, where there is no room for columns. */
function order(rows: FileRows): TemplateResult {
  const { key, down } = rows.order;
  const keys: SortKey[] = ['date', 'name', 'size', 'type', 'category'];
  return html`
    <span class="order">
      <select aria-label=${msg('Ordenar por')} @change=${(event: Event) => (rows.order = reordered(rows.order, valueOf(event) as SortKey))}>
        ${keys.map((one) => html`<option value=${one} ?selected=${one === key}>${sortLabel(one)}</option>`)}
      </select>
      <button
        class="button square"
        type="button"
        aria-label=${down ? msg('De mayor a menor') : msg('De menor a mayor')}
        @click=${() => (rows.order = { key, down: !down })}
      >
        ${icon(down ? ArrowDown : ArrowUp)}
      </button>
    </span>
  `;
}

function choice(id: keyof FileFilter, label: string, rows: FileRows, options: readonly [string, string][]): TemplateResult {
  return field({
    id,
    label,
    control: html`
      <select id=${id} @change=${(event: Event) => rows.refine({ [id]: valueOf(event) })}>
        <option value="">${msg('Todos')}</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${rows.filter[id] === value}>${text}</option>`)}
      </select>
    `,
  });
}

export function panel(rows: FileRows): TemplateResult {
  const groups = [...new Set(rows.files.map(({ file_type: mime }) => groupOf(mime)))];
  const categories = [...new Set(rows.files.map(({ category }) => category ?? ''))].filter(Boolean).toSorted();
  const date = (id: 'from' | 'to', label: string): TemplateResult =>
    field({
      id,
      label,
      control: html`<input id=${id} type="date" .value=${live(rows.filter[id])} @change=${(event: Event) => rows.refine({ [id]: valueOf(event) })} />`,
    });
  return html`
    <div class="panel" id="filters">
      ${choice('group', msg('Tipo'), rows, groups.map((group) => [group, groupLabel(group)]))}
      ${choice('category', msg('Categoría'), rows, categories.map((key) => [key, categoryLabel(key)]))} ${date('from', msg('Desde'))}
      ${date('to', msg('Hasta'))}
      <button class="button quiet" type="button" @click=${() => rows.refine({ ...EVERY_FILE, text: rows.filter.text })}>
        ${msg('Quitar filtros')}
      </button>
    </div>
  `;
}

/** What can be done with those that are chosen; it takes the place of the tools, so that nothing moves. */
export function chosenBar(rows: FileRows): TemplateResult {
  const { size } = rows.selection.chosen;
  return html`
    <div class="tools bar" role="region" aria-label=${msg('Selección')}>
      <button class="button quiet square" type="button" aria-label=${msg('Dejar de seleccionar')} @click=${() => rows.leave()}>${icon(X)}</button>
      <span class="chosen">
        ${plural(size, msg('1 seleccionado'), msg(str`${count(size)} seleccionados`))}
        ${size < rows.choosable.length
          ? html`<button class="link wider" type="button" @click=${() => rows.chooseAll(true)}>${msg('Seleccionar todos')}</button>`
          : nothing}
      </span>
      <span class="acts">
        <button class="button quiet" type="button" aria-label=${msg('Descargar ZIP')} @click=${() => rows.zip()}>
          ${icon(FileArchive)}<span class="word">${msg('Descargar ZIP')}</span>
        </button>
        ${rows.may('delete')
          ? html`
              <button class="button quiet danger" type="button" aria-label=${msg('Eliminar')} @click=${() => rows.removeChosen()}>
                ${icon(Trash)}<span class="word">${msg('Eliminar')}</span>
              </button>
            `
          : nothing}
      </span>
    </div>
  `;
}

/** The columns, where there is room for them: each orders the list. */
export function columns(rows: FileRows): TemplateResult {
  const { key, down } = rows.order;
  const all = rows.choosable.length > 0 && rows.selection.chosen.size === rows.choosable.length;
  const some = rows.selection.chosen.size > 0 && !all;
  const column = (one: SortKey): TemplateResult => html`
    <button
      class="column ${one}"
      type="button"
      aria-pressed=${key === one}
      aria-label=${key === one ? `${sortLabel(one)}, ${down ? msg('De mayor a menor') : msg('De menor a mayor')}` : nothing}
      @click=${() => (rows.order = reordered(rows.order, one))}
    >
      ${sortLabel(one)}${key === one ? icon(down ? ArrowDown : ArrowUp) : nothing}
    </button>
  `;
  return html`
    <div class="columns" role="group" aria-label=${msg('Ordenar por')}>
      <label class="check">
        <input
          type="checkbox"
          aria-label=${msg('Seleccionar todos')}
          .checked=${live(all)}
          .indeterminate=${live(some)}
          @change=${() => rows.chooseAll(!all)}
        />
      </label>
      <span class="column-names">${column('name')} ${column('category')} ${column('type')} ${column('size')} ${column('date')}</span>
    </div>
  `;
}
