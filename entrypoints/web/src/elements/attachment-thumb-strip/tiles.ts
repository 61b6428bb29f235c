import { html, nothing, type TemplateResult } from 'lit';
import { ArrowLeft, ArrowRight, Expand, Plus, RotateCcw, ScanLine, Unlink, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { explain } from '../../api/problem.js';
import type { Attachment } from '../../api/types.js';
import { msg, str } from '../../i18n/index.js';
import type { UploadRow } from '../../state/uploads.js';
import { fileIcon } from '../../ui/file-icon.js';
import { percent } from '../../ui/format.js';
import '../../ui/menu.js';
import type { MenuItem } from '../../ui/menu.js';
import type { Strip } from './strip.js';

/** One attachment: a button that opens it, and a menu with what else can be done. */
export function thumb(strip: Strip, one: Attachment, at: number): TemplateResult {
  const { document } = one;
  const { reorder } = strip;
  const place = msg(str`${at + 1} de ${strip.attachments.length}`);
  return html`
    <li class="thumb ${reorder.carried === one.id ? 'carried' : ''}" part="thumb" data-id=${one.id} data-document=${one.document_id}>
      <button
        class="open"
        type="button"
        aria-label="${document.title}, ${place}"
        aria-keyshortcuts=${strip.readonly ? nothing : 'Space Delete'}
        @click=${() => void strip.open(one)}
        @keydown=${(event: KeyboardEvent) => pressed(strip, one, event)}
        @blur=${reorder.left}
      >
        ${document.thumb_url
          ? html`<img src=${strip.api.link(document.thumb_url)} alt="" draggable="false" @error=${() => strip.renew()} />`
          : html`<span class="file">${icon(fileIcon(document.mime_type))}<span class="name">${document.title}</span></span>`}
      </button>
      ${strip.readonly ? nothing : html`<cm-menu label=${msg(str`Acciones de ${document.title}`)} .items=${acts(strip, one, at)}></cm-menu>`}
    </li>
  `;
}

function pressed(strip: Strip, one: Attachment, event: KeyboardEvent): void {
  if (strip.reorder.pressed(event, one.id)) {
    // The button goes with its picture; keep the focus on it.
    void strip.updateComplete.then(() => strip.renderRoot.querySelector<HTMLElement>(`[data-id="${one.id}"] .open`)?.focus());
  } else if (event.key === 'Delete' && !strip.readonly) {
    event.preventDefault();
    void strip.unlink(one);
  }
}

function acts(strip: Strip, one: Attachment, at: number): MenuItem[] {
  const last = strip.attachments.length - 1;
  return [
    { label: msg('Abrir'), icon: Expand, act: () => void strip.open(one) },
    { label: msg('Mover antes'), icon: ArrowLeft, disabled: at === 0, act: () => strip.reorder.put(one.id, at - 1) },
    { label: msg('Mover después'), icon: ArrowRight, disabled: at === last, act: () => strip.reorder.put(one.id, at + 1) },
    { label: msg('Quitar de aquí'), icon: Unlink, danger: true, act: () => void strip.unlink(one) },
  ];
}

/** A file on its way, in the place where it will be. */
export function uploadTile(strip: Strip, row: UploadRow): TemplateResult | typeof nothing {
  if (row.status === 'failed' || row.status === 'refused') return nothing;
  const share = row.size ? row.sent / row.size : 0;
  return html`
    <li class="thumb sending">
      <span class="file"><span class="share">${row.status === 'sending' ? percent(share) : '…'}</span><span class="name">${row.name}</span></span>
      <progress max="1" value=${share} aria-label=${msg(str`Subida de ${row.name}`)}></progress>
      <button class="cancel" type="button" aria-label=${msg(str`Cancelar la subida de ${row.name}`)} @click=${() => strip.uploads.remove(row.id)}>
        ${icon(X)}
      </button>
    </li>
  `;
}

/** What did not arrive, and why. */
export function uploadNotices(strip: Strip): TemplateResult[] {
  const failed = strip.uploads.rows.filter(({ status }) => status === 'failed' || status === 'refused');
  return failed.map(
    (row) => html`
      <p class="notice danger" role="alert">
        <span>${msg(str`«${row.name}» no se ha subido.`)} ${explain(row.problem)}</span>
        ${row.status === 'failed'
          ? html`<button class="link" type="button" @click=${() => strip.uploads.retry(row.id)}>${icon(RotateCcw)} ${msg('Reintentar')}</button>`
          : nothing}
        <button class="link" type="button" @click=${() => strip.uploads.remove(row.id)}>${msg('Descartar')}</button>
      </p>
    `,
  );
}

/** Add files; what the picker brings is what was asked for in the menu. */
export function adder(strip: Strip): TemplateResult {
  const pick = (wanted: Strip['picking']) => (): void => {
    strip.picking = wanted;
    strip.picker?.click();
  };
  const picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    strip.add([...(input.files ?? [])], strip.picking);
    input.value = '';
  };
  const items: MenuItem[] = [
    { label: msg('Foto o documento'), icon: Plus, act: pick('photo') },
    { label: msg('Radiografía'), icon: ScanLine, act: pick('xray') },
  ];
  return html`
    <li class="adder">
      <cm-menu .items=${items} .icon=${Plus} label=${msg('Añadir')}></cm-menu>
      <input type="file" multiple hidden aria-label=${msg('Elegir archivos')} @change=${picked} />
    </li>
  `;
}
