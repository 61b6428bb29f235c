import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { CircleAlert, CircleCheck, CloudOff, RotateCcw, X, type IconNode } from 'lucide';
import { icon } from '../../base/icons.js';
import { explain } from '../../api/problem.js';
import { msg, str } from '../../i18n/index.js';
import type { StagedFile } from '../../state/staged-files.js';
import type { UploadRow } from '../../state/uploads.js';
import { fileIcon } from '../../ui/file-icon.js';
import { categoryLabel } from '../../ui/file-words.js';
import { bytes, percent } from '../../ui/format.js';
import { faultText } from './words.js';
import type { FileZone } from './zone.js';

function picture(zone: FileZone, key: string, mime: string): TemplateResult {
  const url = zone.uploads.preview(key);
  return html`<span class="preview">${icon(fileIcon(mime))}${url ? html`<img src=${url} alt="" @error=${hide} />` : nothing}</span>`;
}

function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

function tool(label: string, drawing: IconNode, run: () => void): TemplateResult {
  return html`<button class="button quiet square" type="button" aria-label=${label} @click=${run}>${icon(drawing)}</button>`;
}

/** A file that waits for being sent: what is said of it, or the rule that keeps it back. */
export function stagedRow(zone: FileZone, one: StagedFile): TemplateResult {
  const { key, file } = one;
  const fault = zone.faults.get(key);
  return html`
    <li class="row staged" part="row">
      ${picture(zone, key, file.type)}
      <div class="about">
        <span class="name" title=${file.name}>${file.name}</span>
        ${fault
          ? html`<span class="details fault">${icon(CircleAlert)}<span>${faultText(fault, one, zone.limits)}</span></span>`
          : html`<span class="details">${bytes(file.size)}</span>`}
      </div>
      ${tool(msg(str`Quitar ${file.name}`), X, () => zone.discard(key))}
      ${fault ? nothing : words(zone, one)}
    </li>
  `;
}

function words(zone: FileZone, { key, file, description, category }: StagedFile): TemplateResult {
  const say = (change: Partial<StagedFile>): void => zone.uploads.say(key, change);
  const value = (event: Event): string => (event.target as HTMLInputElement).value;
  const { categories } = zone.limits;
  return html`
    <div class="words">
      <input
        type="text"
        maxlength="2000"
        placeholder=${msg('Descripción (opcional)')}
        aria-label=${msg(str`Descripción de ${file.name}`)}
        .value=${live(description)}
        @input=${(event: Event) => say({ description: value(event) })}
      />
      ${categories.length
        ? html`
            <select aria-label=${msg(str`Categoría de ${file.name}`)} @change=${(event: Event) => say({ category: value(event) })}>
              <option value="">${zone.patientId ? msg('Tipo de documento') : msg('Sin categoría')}</option>
              ${categories.map((one) => html`<option value=${one} ?selected=${one === category}>${categoryLabel(one)}</option>`)}
            </select>
          `
        : nothing}
    </div>
  `;
}

/** A file on its way: how far it is, what went wrong, and what can be done about it. */
export function uploadRow(zone: FileZone, row: UploadRow): TemplateResult {
  const { id, name, status } = row;
  const retry = status === 'failed' || status === 'offline' || status === 'pausing';
  return html`
    <li class="row ${status}" part="row">
      ${picture(zone, id, '')}
      <div class="about"><span class="name" title=${name}>${name}</span>${state(row)}</div>
      ${retry ? tool(msg(str`Reintentar ${name}`), RotateCcw, () => zone.uploads.retry([id])) : nothing}
      ${status === 'done' ? nothing : tool(status === 'sending' ? msg(str`Cancelar la subida de ${name}`) : msg(str`Quitar ${name}`), X, () => zone.discard(id))}
    </li>
  `;
}

function state(row: UploadRow): TemplateResult {
  switch (row.status) {
    case 'waiting':
      return html`<span class="details">${msg('En espera')} · ${bytes(row.size)}</span>`;
    case 'sending':
      return sending(row);
    case 'done':
      return html`<span class="details fine">${icon(CircleCheck)}${msg('Subido')}</span>`;
    case 'pausing':
      return html`<span class="details">${icon(CloudOff)}${explain(row.problem)} ${msg('Se reintenta solo.')}</span>`;
    case 'offline':
      return html`<span class="details">${icon(CloudOff)}${msg('Sin conexión: sigue solo cuando vuelva')}</span>`;
    default:
      return html`<span class="details fault">${icon(CircleAlert)}<span>${explain(row.problem)}</span></span>`;
  }
}

function sending(row: UploadRow): TemplateResult {
  const share = row.size ? row.sent / row.size : 0;
  const text = share >= 1 ? msg('Procesando…') : msg(str`${percent(share)} de ${bytes(row.size)}`);
  return html`
    <progress max="1" value=${share} aria-label=${msg(str`Subida de ${row.name}`)}></progress>
    <span class="details">${text}</span>
  `;
}
