import { html, nothing, type TemplateResult } from 'lit';
import { CloudOff, FilterX, ImagePlus, Images, Upload } from 'lucide';
import { icon } from '../../base/icons.js';
import { msg, str } from '../../i18n/index.js';
import { EVERYTHING, isFiltered } from '../../state/filter.js';
import { emptyState, errorState, slowNotice } from '../../ui/states.js';
import type { PhotoGallery } from './photo-gallery.js';

const SKELETON_ROWS = 3;

export function uploadButton(gallery: PhotoGallery): TemplateResult | typeof nothing {
  if (gallery.readonly) return nothing;
  return html`
    <button class="button primary upload" part="upload" type="button" @click=${() => gallery.upload()}>
      ${icon(ImagePlus)}<span class="word">${msg('Subir fotos')}</span>
    </button>
  `;
}

export function offlineNotice(gallery: PhotoGallery): TemplateResult | typeof nothing {
  if (gallery.online.now || gallery.list.pages.items.length === 0) return nothing;
  return html`
    <p class="notice warning" role="status">
      ${icon(CloudOff)} ${msg('Sin conexión. Ves las fotos que ya estaban cargadas; el resto llegará al volver la conexión.')}
    </p>
  `;
}

/** What stands under the grid, or instead of it: skeleton, nothing there, what went wrong, more to come. */
export function beneath(gallery: PhotoGallery): TemplateResult | typeof nothing {
  const { pages, problem, stale, patience } = gallery.list;
  const empty = pages.items.length === 0;
  if (problem) {
    const safe = empty ? msg('Las fotos guardadas están a salvo.') : msg('Lo que ya ves sigue aquí.');
    return errorState(problem, () => void gallery.list.retry(), { safe });
  }
  if (empty && !stale && pages.next !== undefined) return nothingThere(gallery);
  return html`
    ${patience.phase === 'slow' ? slowNotice() : nothing}
    ${empty && patience.phase !== 'quiet' ? skeleton(gallery.columns * SKELETON_ROWS) : nothing}
    ${pages.next
      ? html`<div class="end">${patience.phase === 'quiet' ? nothing : skeleton(gallery.columns)}</div>`
      : nothing}
  `;
}

function skeleton(cells: number): TemplateResult {
  return html`
    <div class="piece" aria-hidden="true">${Array.from({ length: cells }, () => html`<div class="cell skeleton"></div>`)}</div>
    <p class="sr-only" role="status">${msg('Cargando fotos')}</p>
  `;
}

function nothingThere(gallery: PhotoGallery): TemplateResult {
  if (isFiltered(gallery.filter)) {
    return emptyState({
      icon: FilterX,
      title: msg('Ninguna foto con estos filtros'),
      actions: html`
        <button class="button" type="button" @click=${() => gallery.refine(EVERYTHING)}>${msg('Ver todas las fotos')}</button>
      `,
    });
  }
  return emptyState({
    icon: Images,
    title: msg('Todavía no hay fotos'),
    text: gallery.readonly ? undefined : msg('Arrastra aquí fotos o radiografías, pégalas o elígelas de tu equipo.'),
    actions: uploadButton(gallery),
  });
}

/** Over the whole element while files are dragged over the page. */
export function dropHint(gallery: PhotoGallery): TemplateResult | typeof nothing {
  if (!gallery.drop.over) return nothing;
  const text = gallery.patientName
    ? msg(str`Suelta para subir a la galería de ${gallery.patientName}`)
    : msg('Suelta para subir a esta galería');
  return html`<div class="drop" part="drop"><p>${icon(Upload)}${text}</p></div>`;
}
