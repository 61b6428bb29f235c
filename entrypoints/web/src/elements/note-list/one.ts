import { html, nothing, type TemplateResult } from 'lit';
import { Pencil, Trash2 } from 'lucide';
import { icon } from '../../base/icons.js';
import type { Attachment, Note } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import { fileIcon } from '../../ui/file-icon.js';
import { moment } from '../../ui/format.js';
import '../../ui/menu.js';
import type { MenuItem } from '../../ui/menu.js';
import type { Notes } from './notes.js';
import { kindOf } from './words.js';

/** One note: who wrote it and when, its text, its pictures and files. */
export function noteItem(list: Notes, note: Note): TemplateResult {
  const edited = note.updated_at !== note.created_at;
  return html`
    <li class="note" part="note" data-id=${note.id}>
      <div class="head">
        <p class="about">
          <span class="who">${note.author.name || note.author.id}</span>
          <span class="when">
            <time datetime=${note.created_at}>${moment(note.created_at)}</time> · ${kindOf(note)}
            ${edited ? html`· <span title=${moment(note.updated_at)}>${msg('editada')}</span>` : nothing}
          </span>
        </p>
        ${list.mayChange(note) ? html`<cm-menu label=${msg('Acciones de la nota')} .items=${acts(list, note)}></cm-menu>` : nothing}
      </div>
      ${list.editing === note.id ? editor(list, note) : html`<p class="body">${note.body}</p>`}
      ${note.attachments.length > 0
        ? html`<ul class="thumbs" aria-label=${msg('Adjuntos')}>${note.attachments.map((one) => thumb(list, note, one))}</ul>`
        : nothing}
    </li>
  `;
}

function acts(list: Notes, note: Note): MenuItem[] {
  return [
    { label: msg('Editar'), icon: Pencil, act: () => list.edit(note.id) },
    { label: msg('Eliminar'), icon: Trash2, danger: true, act: () => (list.doomed = note) },
  ];
}

function editor(list: Notes, note: Note): TemplateResult {
  const read = (event: Event): string => {
    const form = (event.target as HTMLElement).closest('form');
    return form?.querySelector('textarea')?.value ?? '';
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void list.revise(note, read(event).trim());
  };
  return html`
    <form class="editing" @submit=${submit}>
      <textarea rows="3" required maxlength="20000" aria-label=${msg('Nota')} .value=${note.body}></textarea>
      <div class="row">
        <button class="button quiet" type="button" @click=${() => list.edit(null)}>${msg('Cancelar')}</button>
        <button class="button primary" type="submit">${msg('Guardar')}</button>
      </div>
    </form>
  `;
}

function thumb(list: Notes, note: Note, one: Attachment): TemplateResult {
  const { document } = one;
  return html`
    <li>
      <button class="open" type="button" data-document=${document.id} aria-label=${msg(str`Abrir ${document.title}`)} @click=${() => void list.open(note, one)}>
        ${document.thumb_url
          ? html`<img src=${list.api.link(document.thumb_url)} alt="" loading="lazy" @error=${() => list.renew()} />`
          : html`<span class="file">${icon(fileIcon(document.mime_type))}<span class="name">${document.title}</span></span>`}
      </button>
    </li>
  `;
}
