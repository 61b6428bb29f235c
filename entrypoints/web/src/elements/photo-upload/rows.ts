import { html, nothing, type TemplateResult } from 'lit';
import { CircleAlert, CircleCheck, CloudOff, FileImage, RotateCcw, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { explain } from '../../api/problem.js';
import { msg, str } from '../../i18n/index.js';
import type { PhotoRow, PhotoUploads } from '../../state/photo-uploads.js';
import { byCause } from '../../state/uploads.js';
import { bytes, percent } from '../../ui/format.js';

/** A small picture of the file, or an icon where the browser cannot draw it. */
export function preview(url: string, failed: (event: Event) => void = hide): TemplateResult {
  return html`<span class="preview">${icon(FileImage)}${url ? html`<img src=${url} alt="" @error=${failed} />` : nothing}</span>`;
}

function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

/** A file on its way: how far it is, what went wrong, and what can be done about it. */
export function uploadRow(uploads: PhotoUploads, row: PhotoRow, show: (id: string) => void): TemplateResult {
  const retry = row.status === 'failed' || row.status === 'offline' || row.status === 'pausing';
  return html`
    <li class="row ${row.status}">
      ${preview(uploads.preview(row.id))}
      <div class="about">
        <span class="name">${row.name}</span>
        ${state(row, show)}
      </div>
      ${retry ? tool(msg(str`Reintentar ${row.name}`), RotateCcw, () => uploads.queue.retry([row.id])) : nothing}
      ${row.status === 'done' ? nothing : tool(msg(str`Quitar ${row.name}`), X, () => uploads.remove([row.id]))}
    </li>
  `;
}

function tool(label: string, picture: Parameters<typeof icon>[0], run: () => void): TemplateResult {
  return html`<button class="button quiet square" type="button" aria-label=${label} @click=${run}>${icon(picture)}</button>`;
}

function state(row: PhotoRow, show: (id: string) => void): TemplateResult {
  switch (row.status) {
    case 'waiting':
      return html`<span class="details">${msg('En espera')} · ${bytes(row.size)}</span>`;
    case 'sending':
      return sending(row);
    case 'done':
      return done(row, show);
    case 'pausing':
      return html`<span class="details">${icon(CloudOff)}${explain(row.problem)} ${msg('Se reintenta sola.')}</span>`;
    case 'offline':
      return html`<span class="details">${icon(CloudOff)}${msg('Sin conexión: sigue sola cuando vuelva')}</span>`;
    default:
      return html`<span class="details fault">${icon(CircleAlert)}${explain(row.problem)}</span>`;
  }
}

function sending(row: PhotoRow): TemplateResult {
  const share = row.size ? row.sent / row.size : 0;
  const text = share >= 1 ? msg('Procesando…') : msg(str`${percent(share)} de ${bytes(row.size)}`);
  return html`
    <progress max="1" value=${share} aria-label=${msg(str`Subida de ${row.name}`)}></progress>
    <span class="details">${text}</span>
  `;
}

function done(row: PhotoRow, show: (id: string) => void): TemplateResult {
  const twin = row.result?.data.duplicate_of;
  if (!twin) return html`<span class="details fine">${icon(CircleCheck)}${msg('Subida')}</span>`;
  return html`
    <span class="details">
      ${icon(CircleCheck)}${msg('Subida. Es igual que otra de este paciente.')}
      <button class="link" type="button" @click=${() => show(twin)}>${msg('Ver la otra')}</button>
    </span>
  `;
}

/** One sentence and one button where several failed for the same reason. */
export function failures(uploads: PhotoUploads): TemplateResult[] {
  const groups = [...byCause(uploads.rows).values()].filter((group) => group.length > 1 && group[0]?.status === 'failed');
  return groups.map(
    (group) => html`
      <p class="notice danger" role="alert">
        ${msg(str`${group.length} fotos no se han subido.`)} ${explain(group[0]?.problem)}
        <button class="link" type="button" @click=${() => uploads.queue.retry(group.map(({ id }) => id))}>${msg('Reintentar todas')}</button>
      </p>
    `,
  );
}
