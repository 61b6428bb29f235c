import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { Download, Eye, Pencil, Trash } from 'lucide';
import { icon } from '../../base/icons.js';
import type { RecordFile } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import { fileIcon } from '../../ui/file-icon.js';
import { categoryLabel, typeName } from '../../ui/file-words.js';
import { bytes, day, moment } from '../../ui/format.js';
import '../../ui/menu.js';
import type { MenuItem } from '../../ui/menu.js';
import { groupOf } from '../../state/file-view.js';
import type { FileRows } from './rows.js';

/** One file. Its height never changes, so that a long list can leave out what is far away. */
export function fileRow(rows: FileRows, file: RecordFile, at: number): TemplateResult {
  const marked = rows.isMarked(file.id);
  const chosen = rows.selection.chosen.has(file.id);
  return html`
    <li
      class="row ${marked ? 'marked' : ''} ${chosen ? 'chosen' : ''}"
      part="row"
      role="listitem"
      data-id=${file.id}
      aria-setsize=${rows.shown.length}
      aria-posinset=${at + 1}
    >
      <label class="check">
        <input
          type="checkbox"
          aria-label=${msg(str`Seleccionar ${file.file_name}`)}
          .checked=${live(chosen)}
          ?disabled=${marked}
          @click=${(event: MouseEvent) => rows.choose(file.id, event.shiftKey)}
        />
      </label>
      ${picture(rows, file)}
      <div class="about">
        ${name(rows, file, marked)}
        ${marked ? nothing : said(file)}
        <span class="details">${marked ? rows.markedText : small(file)}</span>
      </div>
      ${marked ? undo(rows, file) : facts(file)} ${marked ? nothing : actions(rows, file)}
    </li>
  `;
}

function picture(rows: FileRows, file: RecordFile): TemplateResult {
  const kind = groupOf(file.file_type);
  return html`
    <span class="picture ${kind}">
      ${icon(fileIcon(file.file_type))}
      ${file.thumb_url
        ? html`
            <img
              src=${rows.api.link(file.thumb_url)}
              alt=""
              loading="lazy"
              decoding="async"
              @load=${(event: Event) => ((event.target as HTMLElement).hidden = false)}
              @error=${(event: Event) => rows.lost(event)}
            />
          `
        : nothing}
    </span>
  `;
}

function name(rows: FileRows, file: RecordFile, marked: boolean): TemplateResult {
  if (marked) return html`<s class="name">${file.file_name}</s>`;
  if (!rows.may('preview')) return html`<span class="name" title=${file.file_name}>${file.file_name}</span>`;
  return html`
    <button class="name" type="button" title=${file.file_name} @click=${() => rows.show(file)}>${file.file_name}</button>
  `;
}

/** What is said of the file; the category too, where there are no columns. */
function said({ category, description }: RecordFile): TemplateResult {
  const label = categoryLabel(category);
  const filed = html`<span class="filed">${label}${label && description ? ' · ' : ''}</span>`;
  return html`<span class="description">${filed}${description}</span>`;
}

/** Where there are no columns. */
function small({ file_type, file_size, uploaded_at }: RecordFile): string {
  return [typeName(file_type), bytes(file_size), day(uploaded_at)].join(' · ');
}

function facts(file: RecordFile): TemplateResult {
  return html`
    <span class="fact">${categoryLabel(file.category)}</span>
    <span class="fact">${typeName(file.file_type)}</span>
    <span class="fact number">${bytes(file.file_size)}</span>
    <time class="fact number" datetime=${file.uploaded_at} title=${moment(file.uploaded_at)}>${day(file.uploaded_at)}</time>
  `;
}

function undo(rows: FileRows, file: RecordFile): TemplateResult {
  return html`
    <button class="button quiet undo" type="button" aria-label=${msg(str`Deshacer: conservar ${file.file_name}`)} @click=${() => rows.restore(file)}>
      ${msg('Deshacer')}
    </button>
  `;
}

function actions(rows: FileRows, file: RecordFile): TemplateResult {
  const all: [boolean, MenuItem][] = [
    [rows.may('preview'), { label: msg('Ver'), icon: Eye, act: () => rows.show(file) }],
    [rows.may('download'), { label: msg('Descargar'), icon: Download, act: () => rows.download(file) }],
    [rows.may('edit'), { label: msg('Editar'), icon: Pencil, act: () => rows.edit(file) }],
    [rows.may('delete'), { label: msg('Eliminar'), icon: Trash, danger: true, act: () => rows.discard([file]) }],
  ];
  const items = all.filter(([may]) => may).map(([, item]) => item);
  return html`
    <span class="actions">
      ${rows.may('download')
        ? html`
            <button class="button quiet square quick" type="button" aria-label=${msg(str`Descargar ${file.file_name}`)} @click=${() => rows.download(file)}>
              ${icon(Download)}
            </button>
          `
        : nothing}
      ${items.length ? html`<cm-menu label=${msg(str`Acciones de ${file.file_name}`)} .items=${items}></cm-menu>` : nothing}
    </span>
  `;
}
