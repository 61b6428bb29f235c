import { html, nothing, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { nameOf } from '../../base/index.js';
import type { MediaDocument } from '../../api/types.js';
import { chunked } from '../../state/pages.js';
import { PhotoOpenEvent, type PhotoSelectEvent, type ThumbFailedEvent } from '../photo-card/events.js';
import { PhotoCard } from '../photo-card/photo-card.js';
import { chooseAll, trashChosen, zipPhotos } from './acts.js';
import { selectionBar } from './bar.js';
import { gridKeys } from './keys.js';
import type { PhotoGallery } from './photo-gallery.js';

/** Photos that are drawn or left out together. Divisible by every number of columns, so that rows stay full. */
export const PIECE = 60;

/** All loaded photos in pieces; far away pieces are empty boxes of their height. */
export function grid(gallery: PhotoGallery): TemplateResult {
  const { pages, stale, patience } = gallery.list;
  const pieces = chunked(pages.items, PIECE);
  const { selection } = gallery;
  return html`
    <div
      class="grid ${stale && patience.phase !== 'quiet' ? 'stale' : ''} ${selection.active ? 'padded' : ''}"
      part="grid"
      role="list"
      aria-label=${gallery.patientName || nothing}
      aria-busy=${stale}
      ?hidden=${pieces.length === 0}
      @photo-open=${(event: PhotoOpenEvent) => opening(gallery, event)}
      @photo-select=${(event: PhotoSelectEvent) => selecting(gallery, event)}
      @thumb-failed=${(event: ThumbFailedEvent) => void gallery.list.refresh(event.photo.id)}
      @keydown=${(event: KeyboardEvent) => gridKeys(gallery, event)}
      @focusin=${(event: Event) => (gallery.current = photoAt(event)?.id ?? gallery.current)}
      @pointerover=${(event: PointerEvent) => selection.hover(photoAt(event)?.id ?? null, event.shiftKey)}
    >
      ${pieces.map((photos, at) => piece(gallery, photos, at))}
    </div>
  `;
}

function piece(gallery: PhotoGallery, photos: readonly MediaDocument[], at: number): TemplateResult {
  const some = photos.slice(0, gallery.window.drawn(at));
  const cards = some.length ? some.map((photo, index) => card(gallery, photo, at * PIECE + index)) : nothing;
  return html`<div class="piece" role="presentation" data-piece=${at} data-cells=${photos.length}>${cards}</div>`;
}

function card(gallery: PhotoGallery, photo: MediaDocument, at: number): TemplateResult {
  const tag = unsafeStatic(nameOf(PhotoCard));
  const { selection } = gallery;
  return staticHtml`
    <${tag}
      role="listitem"
      data-id=${photo.id}
      aria-setsize=${gallery.list.pages.total}
      aria-posinset=${at + 1}
      selectable
      .client=${gallery.api}
      .photo=${photo}
      .taxonomy=${gallery.taxonomy}
      .href=${gallery.address.hrefOf(photo.id)}
      .current=${photo.id === gallery.current}
      .selected=${selection.has(photo.id)}
      .selecting=${selection.active}
      .preview=${selection.preview.has(photo.id)}
    ></${tag}>
  `;
}

function photoAt(event: Event): MediaDocument | undefined {
  return event.composedPath().find((target) => target instanceof PhotoCard)?.photo;
}

/** The host may open the photo in its own way. */
function opening(gallery: PhotoGallery, event: PhotoOpenEvent): void {
  event.stopPropagation();
  if (gallery.dispatchEvent(new PhotoOpenEvent(event.photo))) gallery.open(event.photo);
}

function selecting(gallery: PhotoGallery, event: PhotoSelectEvent): void {
  event.stopPropagation();
  gallery.current = event.photo.id;
  gallery.selection.toggle(event.photo.id, event.range);
}

/** The floating bar, while something is chosen. */
export function bar(gallery: PhotoGallery): TemplateResult | typeof nothing {
  const { list, selection } = gallery;
  if (!selection.active) return nothing;
  return selectionBar({
    chosen: selection.now.chosen.size,
    loaded: list.pages.items.length,
    total: list.pages.total,
    gathering: gallery.gathering,
    canChange: !gallery.readonly,
    canTrash: !gallery.readonly && !gallery.noDelete,
    chooseAll: () => void chooseAll(gallery),
    tag: () => (gallery.dialog = 'tags'),
    classify: () => (gallery.dialog = 'classify'),
    zip: () => void zipPhotos(gallery.api, gallery.chosen, gallery.patientName || gallery.patientId),
    trash: () => trashChosen(gallery),
    leave: () => {
      selection.clear();
      if (gallery.current) void gallery.focusCard(gallery.current);
    },
  });
}
