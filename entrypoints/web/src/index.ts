/** Everything: importing this defines every element under its own name. */
export { define } from './base/define.js';
export { configure, type Connection, type TokenSource } from './api/client.js';
export { Problem } from './api/problem.js';
export { LANGUAGES, language, setLanguage, type Language } from './i18n/index.js';
export type * from './api/types.js';

import './elements/attachment-thumb-strip/define.js';
import './elements/before-after/define.js';
import './elements/pair-picker/define.js';
import './elements/photo-card/define.js';
import './elements/photo-gallery/define.js';
import './elements/photo-lightbox/define.js';
import './elements/photo-upload/define.js';
import './elements/toast-stack/define.js';

export { AttachmentThumbStrip } from './elements/attachment-thumb-strip/attachment-thumb-strip.js';
export * from './elements/attachment-thumb-strip/events.js';
export { BeforeAfter } from './elements/before-after/before-after.js';
export { PairPicker } from './elements/pair-picker/pair-picker.js';
export { PairedEvent } from './elements/pair-picker/events.js';
export { PhotoCard } from './elements/photo-card/photo-card.js';
export { PhotoOpenEvent, PhotoSelectEvent, ThumbFailedEvent } from './elements/photo-card/events.js';
export { PhotoGallery } from './elements/photo-gallery/photo-gallery.js';
export { PhotosChangedEvent } from './elements/photo-gallery/events.js';
export { PhotoLightbox } from './elements/photo-lightbox/photo-lightbox.js';
export * from './elements/photo-lightbox/events.js';
export { PhotoUpload } from './elements/photo-upload/photo-upload.js';
export { PhotoShowEvent } from './elements/photo-upload/events.js';
export { PhotoUploadedEvent } from './state/photo-uploaded.js';
export { ToastStack } from './elements/toast-stack/toast-stack.js';
export { toast, toastProblem, toastUndo } from './elements/toast-stack/toasts.js';
