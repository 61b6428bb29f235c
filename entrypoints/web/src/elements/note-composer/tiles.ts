import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { RotateCcw, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { explain } from '../../api/problem.js';
import { msg, str } from '../../i18n/index.js';
import type { DraftFile, NoteDraft } from '../../state/note-draft.js';
import type { UploadRow } from '../../state/uploads.js';
import { fileIcon } from '../../ui/file-icon.js';
import { percent } from '../../ui/format.js';
import type { Composer } from './composer.js';

/** What the note takes along: in the service already, or on its way. */
export function attached(composer: Composer, draft: NoteDraft): TemplateResult | typeof nothing {
  const { content, rows } = draft;
  if (content.files.length + rows.length === 0) return nothing;
  return html`
    <ul class="attached" part="attachments" aria-label=${msg('Adjuntos')}>
      ${repeat(content.files, ({ id }) => id, (file) => attachedTile(composer, file))}
      ${repeat(rows, ({ id }) => id, (row) => uploadTile(draft, row))}
    </ul>
  `;
}

/** A file that is in the service already. */
function attachedTile(composer: Composer, file: DraftFile): TemplateResult {
  return html`
    <li class="tile">
      ${file.thumb_url
        ? html`<img src=${composer.api.link(file.thumb_url)} alt=${file.title} @error=${() => composer.renew()} />`
        : named(file.title, file.mime_type)}
      ${remover(msg(str`Quitar ${file.title}`), () => void composer.takeOff(file))}
    </li>
  `;
}

/** A file on its way, or one that did not arrive. */
function uploadTile(draft: NoteDraft, row: UploadRow): TemplateResult {
  const stopped = row.status === 'failed' || row.status === 'refused';
  const share = row.size ? row.sent / row.size : 0;
  const preview = draft.preview(row.id);
  const says = row.status === 'sending' ? percent(share) : '…';
  return html`
    <li class="tile ${stopped ? 'stopped' : 'sending'}">
      ${preview ? html`<img src=${preview} alt=${row.name} />` : named(row.name, '', stopped ? '' : says)}
      ${stopped ? nothing : html`<progress max="1" value=${share} aria-label=${msg(str`Subida de ${row.name}`)}></progress>`}
      ${remover(msg(str`Quitar ${row.name}`), () => draft.discard([row.id]))}
    </li>
  `;
}

function named(name: string, mime: string, says = ''): TemplateResult {
  return html`<span class="file">${says || icon(fileIcon(mime))}<span class="name">${name}</span></span>`;
}

function remover(label: string, run: () => void): TemplateResult {
  return html`<button class="remove" type="button" aria-label=${label} @click=${run}>${icon(X)}</button>`;
}

/** What did not arrive, and why. */
export function failures(draft: NoteDraft): TemplateResult[] {
  const stopped = draft.rows.filter(({ status }) => status === 'failed' || status === 'refused');
  return stopped.map(
    (row) => html`
      <p class="notice danger" role="alert">
        <span>${msg(str`«${row.name}» no se ha subido.`)} ${explain(row.problem)}</span>
        ${row.status === 'failed'
          ? html`<button class="link" type="button" @click=${() => draft.queue.retry([row.id])}>${icon(RotateCcw)} ${msg('Reintentar')}</button>`
          : nothing}
        <button class="link" type="button" @click=${() => draft.discard([row.id])}>${msg('Descartar')}</button>
      </p>
    `,
  );
}
