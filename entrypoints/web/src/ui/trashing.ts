import type { Api } from '../api/client.js';
import { restoreDocument, trashDocument } from '../api/photos.js';
import type { MediaDocument } from '../api/types.js';
import { toastProblem, toastUndo } from '../elements/toast-stack/toasts.js';
import { msg, plural, str } from '../i18n/index.js';
import { each } from '../state/bulk.js';

type Photo = Pick<MediaDocument, 'id' | 'title'>;

/** Where the photos are shown. */
export interface Screen<T extends Photo> {
  takeOut: (photos: readonly T[]) => void;
  putBack: (photos: readonly T[]) => void;
  /** The service has agreed. */
  settled?: (reason: 'trashed' | 'restored', photos: readonly T[]) => void;
}

/** To the trash at once on the screen, then in the service; what it refuses comes back, and all of it by undo. */
export async function trashWithUndo<T extends Photo>(api: Api, photos: readonly T[], screen: Screen<T>): Promise<void> {
  screen.takeOut(photos);
  let undone = false;
  const close = toastUndo(movedText(photos.length), () => {
    undone = true;
    screen.putBack(photos);
    void trashed.then((gone) => restore(api, gone, screen));
  });
  const trashed = inTrash(api, photos, screen, () => close());
  const gone = await trashed;
  if (gone.length > 0 && !undone) screen.settled?.('trashed', gone);
}

async function inTrash<T extends Photo>(api: Api, photos: readonly T[], screen: Screen<T>, close: () => void): Promise<T[]> {
  const { done, failed } = await each(photos, async (photo) => {
    await trashDocument(api, photo.id);
    return photo;
  });
  const [first] = failed;
  if (first === undefined) return done;
  if (done.length === 0) close();
  const back = failed.map(({ item }) => item);
  screen.putBack(back);
  toastProblem(stayedText(back), first.problem, () => void trashWithUndo(api, back, screen));
  return done;
}

async function restore<T extends Photo>(api: Api, photos: readonly T[], screen: Screen<T>): Promise<void> {
  const { done, failed } = await each(photos, async (photo) => {
    await restoreDocument(api, photo.id);
    return photo;
  });
  if (done.length > 0) screen.settled?.('restored', done);
  const [first] = failed;
  if (first === undefined) return;
  const left = failed.map(({ item }) => item);
  screen.takeOut(left);
  const text = plural(left.length, msg('1 foto sigue en la papelera.'), msg(str`${left.length} fotos siguen en la papelera.`));
  toastProblem(text, first.problem, () => {
    screen.putBack(left);
    void restore(api, left, screen);
  });
}

function movedText(n: number): string {
  return plural(n, msg('1 foto movida a la papelera.'), msg(str`${n} fotos movidas a la papelera.`));
}

function stayedText(photos: readonly Photo[]): string {
  const [first] = photos;
  if (photos.length === 1 && first) return msg(str`«${first.title}» sigue en la galería.`);
  return msg(str`${photos.length} fotos siguen en la galería.`);
}
