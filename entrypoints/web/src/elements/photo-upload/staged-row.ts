import { html, nothing, type TemplateResult } from 'lit';
import { CircleAlert, Pencil, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { labelOf } from '../../api/taxonomy.js';
import { msg, str } from '../../i18n/index.js';
import { wordsFor, type PhotoWords, type Staged } from '../../state/staged.js';
import { bytes, moment } from '../../ui/format.js';
import type { UploadDialog } from './upload-dialog.js';
import { preview } from './rows.js';
import type { WordsEvent } from './words.js';

/** A file that waits for being sent, with what will be said of it. */
export function stagedRow(upload: UploadDialog, one: Staged): TemplateResult {
  const { key, file } = one;
  const words = wordsFor(upload.words, one.own);
  const open = upload.expanded === key;
  const toggle = (): void => void (upload.expanded = open ? null : key);
  return html`
    <li class="row staged">
      ${preview(upload.previews.get(key) ?? '')}
      <div class="about">
        <span class="name">${words.title || file.name}</span>
        ${one.fault ? faultText(one) : html`<span class="details">${summary(upload, words)}</span>`}
      </div>
      ${one.fault
        ? nothing
        : html`
            <button class="button quiet square" type="button" aria-expanded=${open} aria-label=${msg(str`Cambiar los datos de ${file.name}`)} @click=${toggle}>
              ${icon(Pencil)}
            </button>
          `}
      <button class="button quiet square" type="button" aria-label=${msg(str`Quitar ${file.name}`)} @click=${() => upload.discard(key)}>
        ${icon(X)}
      </button>
      ${open
        ? html`
            <cm-photo-words
              .words=${words}
              .taxonomy=${upload.taxonomy}
              .incomplete=${upload.incomplete}
              .name=${file.name.replace(/\.[^.]+$/, '')}
              @words-change=${(event: WordsEvent) => upload.say(key, event.change)}
            ></cm-photo-words>
          `
        : nothing}
    </li>
  `;
}

function summary(upload: UploadDialog, words: PhotoWords): string {
  const { taxonomy } = upload;
  const what = words.category ? labelOf(taxonomy, words.category) : msg('Sin categoría');
  const subtype = words.subtype ? labelOf(taxonomy, words.category, words.subtype) : '';
  const when = words.captured ? moment(words.captured) : msg('Auto desde EXIF');
  return [what, subtype, when, ...words.tags].filter(Boolean).join(' · ');
}

function faultText({ fault, file }: Staged): TemplateResult {
  const text =
    fault === 'type'
      ? msg('No es una foto ni una radiografía que se acepte aquí.')
      : fault === 'empty'
        ? msg('El archivo está vacío.')
        : msg(str`Ocupa ${bytes(file.size)}; como mucho, 100 MB.`);
  return html`<span class="details fault">${icon(CircleAlert)}${text}</span>`;
}
