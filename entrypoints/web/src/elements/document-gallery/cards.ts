import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Download, Eye, Pencil, Trash } from 'lucide';
import { icon } from '../../base/icons.js';
import type { MediaDocument } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import { groupOf } from '../../state/file-view.js';
import { fileIcon } from '../../ui/file-icon.js';
import { categoryLabel, typeName } from '../../ui/file-words.js';
import { bytes, day } from '../../ui/format.js';
import '../../ui/menu.js';
import type { MenuItem } from '../../ui/menu.js';
import { download, trash } from './acts.js';
import type { Documents } from './documents.js';

export function cards(gallery: Documents): TemplateResult {
  const { pages, stale, patience } = gallery.list;
  return html`
    <ul
      class="cards ${stale && patience.phase !== 'quiet' ? 'stale' : ''}"
      part="grid"
      aria-label=${gallery.patientName ? msg(str`Documentos de ${gallery.patientName}`) : msg('Documentos')}
      aria-busy=${stale}
      ?hidden=${pages.items.length === 0}
    >
      ${repeat(pages.items, ({ id }) => id, (document) => card(gallery, document))}
    </ul>
  `;
}

function card(gallery: Documents, document: MediaDocument): TemplateResult {
  const { id, title, mime_type, document_type, file_size, created_at, description } = document;
  return html`
    <li class="card" part="card" data-id=${id}>
      <span class="picture ${groupOf(mime_type)}">
        ${icon(fileIcon(mime_type))}
        ${document.thumb_url
          ? html`
              <img
                src=${gallery.api.link(document.thumb_url)}
                alt=""
                loading="lazy"
                decoding="async"
                @load=${(event: Event) => ((event.target as HTMLElement).hidden = false)}
                @error=${(event: Event) => lost(gallery, document, event)}
              />
            `
          : nothing}
        <span class="format">${typeName(mime_type)}</span>
      </span>
      <div class="about">
        <button class="open" type="button" @click=${() => gallery.show(document)} @keydown=${(event: KeyboardEvent) => pressed(gallery, document, event)}>
          ${title}
        </button>
        <p class="details">
          <span class="type">${categoryLabel(document_type)}</span><span>${day(created_at)} · ${bytes(file_size)}</span>
        </p>
        ${document.scan === 'pending' ? html`<p class="notice warning">${msg('Pendiente de analizar')}</p>` : nothing}
        ${description ? html`<p class="description">${description}</p>` : nothing}
      </div>
      <cm-menu label=${msg(str`Acciones de ${title}`)} .items=${acts(gallery, document)}></cm-menu>
    </li>
  `;
}

function lost(gallery: Documents, { id }: MediaDocument, event: Event): void {
  (event.target as HTMLElement).hidden = true;
  void gallery.list.refresh(id);
}

function pressed(gallery: Documents, document: MediaDocument, event: KeyboardEvent): void {
  if (event.key !== 'Delete' || gallery.readonly || gallery.noDelete) return;
  event.preventDefault();
  trash(gallery, document);
}

function acts(gallery: Documents, document: MediaDocument): MenuItem[] {
  const look: MenuItem[] = [
    { label: msg('Ver'), icon: Eye, act: () => gallery.show(document) },
    { label: msg('Descargar'), icon: Download, act: () => download(gallery, document) },
  ];
  if (gallery.readonly) return look;
  const change = [...look, { label: msg('Editar'), icon: Pencil, act: () => (gallery.edited = document) }];
  if (gallery.noDelete) return change;
  return [
    ...change,
    { label: msg('Mover a la papelera'), icon: Trash, danger: true, act: () => trash(gallery, document) },
  ];
}
