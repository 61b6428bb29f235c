import type { Api } from '../../api/client.js';
import { downloadZip } from '../../api/saving.js';
import type { MediaDocument } from '../../api/types.js';
import { msg } from '../../i18n/index.js';
import { nextAfter, putBack, takeOut, type Removed } from '../../state/optimistic.js';
import { withItems } from '../../state/pages.js';
import { trashWithUndo } from '../../ui/trashing.js';
import { toast, toastProblem } from '../toast-stack/toasts.js';
import type { PhotoGallery } from './photo-gallery.js';

const CONFIRM_ABOVE = 20;
const ZIP_MOST = 200;

/** What is chosen, else the photo that has the focus; asks first when it is many. */
export function trashChosen(gallery: PhotoGallery, confirmed = false): void {
  const { items } = gallery.list.pages;
  const photos = gallery.selection.active ? gallery.chosen : items.filter(({ id }) => id === gallery.current);
  if (gallery.readonly || gallery.noDelete || photos.length === 0) return;
  if (photos.length > CONFIRM_ABOVE && !confirmed) gallery.dialog = 'confirm';
  else trash(gallery, photos);
}

export function trash(gallery: PhotoGallery, photos: readonly MediaDocument[]): void {
  let removed: Removed<MediaDocument>[] = [];
  const { list } = gallery;
  void trashWithUndo(gallery.api, photos, {
    takeOut: (gone) => (removed = taken(gallery, gone)),
    putBack: (back) => {
      const ids = new Set(back.map(({ id }) => id));
      const some = removed.filter(({ item }) => ids.has(item.id));
      list.show(withItems(list.pages, putBack(list.pages.items, some)));
    },
    settled: (reason, settled) => gallery.tell(reason, settled),
  });
}

function taken(gallery: PhotoGallery, photos: readonly MediaDocument[]): Removed<MediaDocument>[] {
  const { list } = gallery;
  const ids = new Set(photos.map(({ id }) => id));
  const heir = nextAfter(list.pages.items.map(({ id }) => id), ids);
  const { left, removed } = takeOut(list.pages.items, ids);
  const within = gallery.shadowRoot?.activeElement !== null;
  gallery.selection.clear();
  list.show(withItems(list.pages, left));
  if (gallery.opened === null && heir !== null && within) void gallery.focusCard(heir);
  return removed;
}

/** First what is loaded, then, asked again, everything there is. */
export async function chooseAll(gallery: PhotoGallery): Promise<void> {
  const { list, selection } = gallery;
  const { items, total } = list.pages;
  if (selection.now.chosen.size < items.length) return selection.all();
  if (items.length >= total) return;
  gallery.gathering = true;
  await list.all();
  gallery.gathering = false;
  if (!list.problem) selection.all(true);
}

/** The originals, in as many zips as it takes. */
export async function zipPhotos(api: Api, photos: readonly { id: string }[], name: string): Promise<void> {
  const close = toast({ kind: 'info', text: msg('Preparando la descarga…'), seconds: 60 });
  try {
    for (let at = 0; at < photos.length; at += ZIP_MOST) {
      const part = at === 0 ? '' : `-${at / ZIP_MOST + 1}`;
      const ids = photos.slice(at, at + ZIP_MOST).map(({ id }) => id);
      await downloadZip(api, ids, `${name}${part}.zip`);
    }
  } catch (problem) {
    toastProblem(msg('No se ha podido descargar.'), problem, () => void zipPhotos(api, photos, name));
  } finally {
    close();
  }
}
