import { nameOf } from '../../base/index.js';
import { getPair } from '../../api/photos.js';
import type { MediaDocument } from '../../api/types.js';
import { topLayer } from '../../controllers/layers.js';
import { msg } from '../../i18n/index.js';
import type { CmDialog } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { BeforeAfter } from '../before-after/before-after.js';
import type { PairedEvent } from '../pair-picker/events.js';
import { PairPicker } from '../pair-picker/pair-picker.js';
import { toastProblem } from '../toast-stack/toasts.js';
import type { PhotoLightbox } from './photo-lightbox.js';

/** The photo and its partner with the slider between them, over the lightbox. */
export async function openCompare(lightbox: PhotoLightbox, photo: MediaDocument): Promise<void> {
  try {
    const pair = await getPair(lightbox.api, photo.id);
    if (lightbox.shown?.id === photo.id) comparePair(lightbox, pair.before, pair.after);
  } catch (problem) {
    toastProblem(msg('La comparación no se ha podido abrir.'), problem, () => void openCompare(lightbox, photo));
  }
}

function comparePair({ api }: PhotoLightbox, before: MediaDocument, after: MediaDocument): void {
  const dialog: CmDialog = document.createElement('cm-dialog');
  const view = document.createElement(nameOf(BeforeAfter)) as BeforeAfter;
  Object.assign(view, { client: api, pair: { before, after } });
  Object.assign(dialog, { size: 'full', heading: msg('Antes y después'), bare: true });
  dialog.style.colorScheme = 'dark';
  dialog.append(view);
  dialog.addEventListener('dialog-close', () => setTimeout(() => dialog.remove()));
  topLayer().append(dialog);
  dialog.open = true;
}

/** Choose the partner of a photo, over the lightbox. */
export function openPairPicker(
  { api }: PhotoLightbox,
  photo: MediaDocument,
  paired: (photos: readonly MediaDocument[]) => void,
): void {
  const picker = document.createElement(nameOf(PairPicker)) as PairPicker;
  Object.assign(picker, { client: api, photo });
  picker.addEventListener('paired', (event: PairedEvent) => paired([event.before, event.after]));
  picker.addEventListener('dialog-close', () => setTimeout(() => picker.remove()));
  topLayer().append(picker);
  picker.open = true;
}
