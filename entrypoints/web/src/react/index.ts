/** React wrappers: properties instead of attributes, `onPhotoOpen` instead of addEventListener. */
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { nameOf } from '../base/define.js';
import { AttachmentThumbStrip as Strip } from '../elements/attachment-thumb-strip/attachment-thumb-strip.js';
import type { AttachmentOpenEvent, AttachmentsChangeEvent } from '../elements/attachment-thumb-strip/events.js';
import { BeforeAfter as Comparison } from '../elements/before-after/before-after.js';
import type { NoteCancelEvent, NoteSavedEvent } from '../elements/note-composer/events.js';
import { NoteComposer as Composer } from '../elements/note-composer/note-composer.js';
import type { NotesChangeEvent } from '../elements/note-list/events.js';
import { NoteList as Notes } from '../elements/note-list/note-list.js';
import { DocumentGallery as Documents } from '../elements/document-gallery/document-gallery.js';
import type { DocumentOpenEvent, DocumentsChangedEvent } from '../elements/document-gallery/events.js';
import { DocumentManager as Manager } from '../elements/document-manager/document-manager.js';
import type { FileCountChangeEvent, FilesErrorEvent } from '../elements/document-manager/events.js';
import { FileCountBadge as Badge } from '../elements/file-count-badge/file-count-badge.js';
import type { FileEditEvent, FileOpenEvent, FileRestoreEvent, FilesDeleteEvent } from '../elements/file-list/events.js';
import { FileList as Files } from '../elements/file-list/file-list.js';
import { FilePreview as Preview } from '../elements/file-preview/file-preview.js';
import type { FileRefusedEvent, FilesStagedEvent, FileUploadedEvent } from '../elements/file-upload-zone/events.js';
import { FileUploadZone as Zone } from '../elements/file-upload-zone/file-upload-zone.js';
import type { PairedEvent } from '../elements/pair-picker/events.js';
import { PairPicker as Picker } from '../elements/pair-picker/pair-picker.js';
import type { PhotoOpenEvent, PhotoSelectEvent } from '../elements/photo-card/events.js';
import { PhotoCard as Card } from '../elements/photo-card/photo-card.js';
import type { PhotosChangedEvent } from '../elements/photo-gallery/events.js';
import { PhotoGallery as Gallery } from '../elements/photo-gallery/photo-gallery.js';
import type { LightboxCloseEvent, LightboxMoveEvent, PhotoChangeEvent, PhotoTrashEvent } from '../elements/photo-lightbox/events.js';
import { PhotoLightbox as Lightbox } from '../elements/photo-lightbox/photo-lightbox.js';
import type { PhotoShowEvent } from '../elements/photo-upload/events.js';
import { PhotoUpload as Upload } from '../elements/photo-upload/photo-upload.js';
import { ToastStack as Toasts } from '../elements/toast-stack/toast-stack.js';
import { VisitNotePanel as VisitPanel } from '../elements/visit-note-panel/visit-note-panel.js';
import type { PhotoUploadedEvent } from '../state/photo-uploaded.js';
import type { DialogCloseEvent } from '../ui/dialog-close.js';

const named = <E extends Event>(name: string): EventName<E> => name as EventName<E>;

export const AttachmentThumbStrip = createComponent({
  react: React,
  tagName: nameOf(Strip),
  elementClass: Strip,
  events: {
    onAttachmentsChange: named<AttachmentsChangeEvent>('attachments-change'),
    onAttachmentOpen: named<AttachmentOpenEvent>('attachment-open'),
  },
});

export const BeforeAfter = createComponent({ react: React, tagName: nameOf(Comparison), elementClass: Comparison });

export const NoteComposer = createComponent({
  react: React,
  tagName: nameOf(Composer),
  elementClass: Composer,
  events: { onNoteSaved: named<NoteSavedEvent>('note-saved'), onNoteCancel: named<NoteCancelEvent>('note-cancel') },
});

export const NoteList = createComponent({
  react: React,
  tagName: nameOf(Notes),
  elementClass: Notes,
  events: { onNotesChange: named<NotesChangeEvent>('notes-change') },
});

export const DocumentGallery = createComponent({
  react: React,
  tagName: nameOf(Documents),
  elementClass: Documents,
  events: {
    onDocumentOpen: named<DocumentOpenEvent>('document-open'),
    onDocumentsChange: named<DocumentsChangedEvent>('documents-change'),
  },
});

export const DocumentManager = createComponent({
  react: React,
  tagName: nameOf(Manager),
  elementClass: Manager,
  events: { onFileCountChange: named<FileCountChangeEvent>('file-count-change'), onError: named<FilesErrorEvent>('error') },
});

export const FileCountBadge = createComponent({ react: React, tagName: nameOf(Badge), elementClass: Badge });

export const FileList = createComponent({
  react: React,
  tagName: nameOf(Files),
  elementClass: Files,
  events: {
    onFileOpen: named<FileOpenEvent>('file-open'),
    onFileEdit: named<FileEditEvent>('file-edit'),
    onFilesDelete: named<FilesDeleteEvent>('files-delete'),
    onFileRestore: named<FileRestoreEvent>('file-restore'),
  },
});

export const FilePreview = createComponent({
  react: React,
  tagName: nameOf(Preview),
  elementClass: Preview,
  events: { onDialogClose: named<DialogCloseEvent>('dialog-close') },
});

export const FileUploadZone = createComponent({
  react: React,
  tagName: nameOf(Zone),
  elementClass: Zone,
  events: {
    onFilesStaged: named<FilesStagedEvent>('files-staged'),
    onFileUploaded: named<FileUploadedEvent>('file-uploaded'),
    onFileRefused: named<FileRefusedEvent>('file-refused'),
  },
});

export const PairPicker = createComponent({
  react: React,
  tagName: nameOf(Picker),
  elementClass: Picker,
  events: { onPaired: named<PairedEvent>('paired'), onDialogClose: named<DialogCloseEvent>('dialog-close') },
});

export const PhotoCard = createComponent({
  react: React,
  tagName: nameOf(Card),
  elementClass: Card,
  events: { onPhotoOpen: named<PhotoOpenEvent>('photo-open'), onPhotoSelect: named<PhotoSelectEvent>('photo-select') },
});

export const PhotoGallery = createComponent({
  react: React,
  tagName: nameOf(Gallery),
  elementClass: Gallery,
  events: { onPhotoOpen: named<PhotoOpenEvent>('photo-open'), onPhotosChange: named<PhotosChangedEvent>('photos-change') },
});

export const PhotoLightbox = createComponent({
  react: React,
  tagName: nameOf(Lightbox),
  elementClass: Lightbox,
  events: {
    onLightboxMove: named<LightboxMoveEvent>('lightbox-move'),
    onLightboxClose: named<LightboxCloseEvent>('lightbox-close'),
    onPhotoTrash: named<PhotoTrashEvent>('photo-trash'),
    onPhotoChange: named<PhotoChangeEvent>('photo-change'),
  },
});

export const PhotoUpload = createComponent({
  react: React,
  tagName: nameOf(Upload),
  elementClass: Upload,
  events: {
    onPhotoUploaded: named<PhotoUploadedEvent>('photo-uploaded'),
    onPhotoShow: named<PhotoShowEvent>('photo-show'),
    onDialogClose: named<DialogCloseEvent>('dialog-close'),
  },
});

export const ToastStack = createComponent({ react: React, tagName: nameOf(Toasts), elementClass: Toasts });

export const VisitNotePanel = createComponent({
  react: React,
  tagName: nameOf(VisitPanel),
  elementClass: VisitPanel,
  events: { onNoteSaved: named<NoteSavedEvent>('note-saved'), onNotesChange: named<NotesChangeEvent>('notes-change') },
});
