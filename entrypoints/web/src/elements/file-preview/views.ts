import { html, nothing, type TemplateResult } from 'lit';
import { Download, FileX } from 'lucide';
import { icon } from '../../base/icons.js';
import { msg, str } from '../../i18n/index.js';
import { transformOf } from '../../state/view.js';
import { fileIcon } from '../../ui/file-icon.js';
import { bytes } from '../../ui/format.js';
import { emptyState, errorState, slowNotice } from '../../ui/states.js';
import type { PreviewDialog } from './preview-dialog.js';

/** The viewer without its column of small pages, a page as wide as the window. */
const PAGES_ONLY = '#navpanes=0&view=FitH';

/** The file itself, or what stands for it. */
export function view(dialog: PreviewDialog): TemplateResult | typeof nothing {
  const { shown } = dialog;
  if (dialog.problem) return html`<div class="stage plain">${errorState(dialog.problem, () => dialog.retry())}</div>`;
  if (!shown) return html`<div class="stage plain">${waiting(dialog)}</div>`;
  switch (shown.showing) {
    case 'picture':
      return picture(dialog);
    case 'pdf':
      if (!navigator.pdfViewerEnabled) return html`<div class="stage plain">${notShown(dialog)}</div>`;
      return html`
        <iframe class="stage" title=${msg(str`Contenido de ${shown.name}`)} src=${dialog.url + PAGES_ONLY} @load=${() => dialog.arrived()}></iframe>
      `;
    case 'text':
      return text(dialog);
    case 'none':
      return html`<div class="stage plain">${notShown(dialog)}</div>`;
  }
}

function waiting({ patience }: PreviewDialog): TemplateResult {
  if (patience.phase === 'quiet') return html``;
  return html`
    ${patience.phase === 'slow' ? slowNotice() : nothing}
    <p class="loading" role="status"><span class="spinner"></span>${msg('Abriendo…')}</p>
  `;
}

function picture(dialog: PreviewDialog): TemplateResult {
  const { zoom, shown } = dialog;
  return html`
    <div
      class="stage picture ${zoom.view.scale > 1 ? 'larger' : ''}"
      @wheel=${zoom.wheel}
      @dblclick=${zoom.doubled}
      @pointerdown=${zoom.down}
      @pointermove=${zoom.move}
      @pointerup=${zoom.up}
      @pointercancel=${zoom.up}
    >
      ${dialog.ready ? nothing : waiting(dialog)}
      <img
        class=${dialog.ready ? '' : 'coming'}
        src=${dialog.url}
        alt=${shown?.description || shown?.name || ''}
        draggable="false"
        @load=${() => dialog.arrived()}
        @error=${() => dialog.lost()}
      />
    </div>
  `;
}

function text(dialog: PreviewDialog): TemplateResult {
  if (!dialog.ready) return html`<div class="stage plain">${waiting(dialog)}</div>`;
  return html`
    <div class="stage text" tabindex="0" role="region" aria-label=${msg(str`Contenido de ${dialog.shown?.name ?? ''}`)}>
      ${dialog.cut ? html`<p class="notice">${msg('Solo se ve el principio. Descarga el archivo para leerlo entero.')}</p>` : nothing}
      <pre>${dialog.text}</pre>
    </div>
  `;
}

function notShown(dialog: PreviewDialog): TemplateResult {
  const { shown } = dialog;
  return emptyState({
    icon: shown ? fileIcon(shown.mime) : FileX,
    title: msg('El navegador no puede mostrar este archivo'),
    text: shown ? `${shown.name} · ${bytes(shown.size)}` : undefined,
    actions: html`
      <button class="button primary" type="button" @click=${() => dialog.download()}>${icon(Download)}${msg('Descargar')}</button>
    `,
  });
}

/** A strict policy allows no style attribute, so the transform is set here. */
export function place(dialog: PreviewDialog): void {
  const image = dialog.renderRoot.querySelector<HTMLElement>('.picture img');
  if (image) image.style.transform = transformOf(dialog.zoom.view);
}
