import { html, nothing, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { nameOf } from '../../base/index.js';
import { msg, str } from '../../i18n/index.js';
import type { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import type { LightboxMoveEvent, PhotoChangeEvent, PhotoTrashEvent } from '../photo-lightbox/events.js';
import { PhotoLightbox } from '../photo-lightbox/photo-lightbox.js';
import type { PhotoShowEvent } from '../photo-upload/events.js';
import { PhotoUpload } from '../photo-upload/photo-upload.js';
import type { PhotoUploadedEvent } from '../../state/photo-uploaded.js';
import { trash, trashChosen } from './acts.js';
import { keysHelp } from './keys-help.js';
import type { PhotoGallery } from './photo-gallery.js';
import type { BulkEditedEvent } from './bulk-edit.js';

/** Everything that opens over the gallery, but for lightbox and upload. */
export function dialogs(gallery: PhotoGallery): TemplateResult {
  const close = (event?: DialogCloseEvent | Event): void => {
    event?.preventDefault();
    gallery.dialog = null;
  };
  return html`${confirmation(gallery, close)} ${keys(gallery, close)} ${bulk(gallery, close)} ${uploading(gallery, close)}
  ${lightbox(gallery)}`;
}

function confirmation(gallery: PhotoGallery, close: (event?: Event) => void): TemplateResult {
  const n = gallery.selection.now.chosen.size;
  const go = (): void => {
    close();
    trashChosen(gallery, true);
  };
  return html`
    <cm-dialog
      size="small"
      heading=${msg(str`¿Mover ${n} fotos a la papelera?`)}
      .open=${gallery.dialog === 'confirm'}
      @dialog-close=${close}
    >
      <p>${msg('Se pueden recuperar desde la papelera.')}</p>
      <div slot="footer">
        <button class="button" type="button" @click=${close}>${msg('Cancelar')}</button>
        <button class="button danger" type="button" @click=${go}>${msg('Mover a la papelera')}</button>
      </div>
    </cm-dialog>
  `;
}

function keys(gallery: PhotoGallery, close: (event?: Event) => void): TemplateResult {
  const open = gallery.dialog === 'keys';
  return html`
    <cm-dialog size="small" heading=${msg('Teclas')} .open=${open} @dialog-close=${close}>${open ? keysHelp() : nothing}</cm-dialog>
  `;
}

function bulk(gallery: PhotoGallery, close: (event?: Event) => void): TemplateResult | typeof nothing {
  const { dialog } = gallery;
  if (dialog !== 'tags' && dialog !== 'classify') return nothing;
  void gallery.bulkEdit.begin().then((part) => part ?? close());
  if (!gallery.bulkEdit.value) return nothing;
  return html`
    <cm-bulk-edit
      .client=${gallery.api}
      .mode=${dialog}
      .photos=${gallery.chosen}
      .taxonomy=${gallery.taxonomy}
      @dialog-close=${close}
      @bulk-edited=${(event: BulkEditedEvent) => gallery.changed('changed', event.photos)}
    ></cm-bulk-edit>
  `;
}

function uploading(gallery: PhotoGallery, close: (event?: Event) => void): TemplateResult | typeof nothing {
  if (gallery.readonly) return nothing;
  const tag = unsafeStatic(nameOf(PhotoUpload));
  const { filter } = gallery;
  return staticHtml`
    <${tag}
      .client=${gallery.api}
      .patientId=${gallery.patientId}
      .patientName=${gallery.patientName}
      .category=${filter.category}
      .subtype=${filter.subtype}
      .files=${gallery.dropped}
      .open=${gallery.dialog === 'upload'}
      @dialog-close=${close}
      @photo-uploaded=${(event: PhotoUploadedEvent) => gallery.added([event.photo])}
      @photo-show=${(event: PhotoShowEvent) => {
        close();
        gallery.show(event.id);
      }}
    ></${tag}>
  `;
}

function lightbox(gallery: PhotoGallery): TemplateResult {
  const tag = unsafeStatic(nameOf(PhotoLightbox));
  const { pages } = gallery.list;
  return staticHtml`
    <${tag}
      .client=${gallery.api}
      .photos=${gallery.shown}
      .total=${pages.total}
      .open=${gallery.opened}
      .readonly=${gallery.readonly}
      .noDelete=${gallery.noDelete}
      .thumbOf=${(id: string) => gallery.cardOf(id)}
      @lightbox-move=${(event: LightboxMoveEvent) => gallery.moved(event.photo)}
      @lightbox-close=${() => gallery.closed()}
      @lightbox-end=${() => void gallery.list.more()}
      @photo-change=${(event: PhotoChangeEvent) => gallery.changed(event.reason, event.photos)}
      @photo-trash=${(event: PhotoTrashEvent) => {
        event.preventDefault();
        trash(gallery, [event.photo]);
      }}
    ></${tag}>
  `;
}
