import type { Api } from '../api/client.js';
import { restoreDocument, trashDocument } from '../api/photos.js';
import type { MediaDocument } from '../api/types.js';
import { toastProblem, toastUndo } from '../elements/toast-stack/toasts.js';
import { msg, plural, str } from '../i18n/index.js';
import { each } from '../state/bulk.js';

type Photo = Pick<MediaDocument, 'id' | 'title'>;

/** Where the things are shown. */
export interface Screen<T extends Photo> {
  takeOut: (photos: readonly T[]) => void;
  putBack: (photos: readonly T[]) => void;
  /** The service has agreed. */
  settled?: (reason: 'trashed' | 'restored', photos: readonly T[]) => void;
}

/** What is said of things that go to the trash. */
export interface TrashWords {
  moved: (n: number) => string;
  /** The service refused these. */
  stayed: (things: readonly Photo[]) => string;
  /** These could not be taken out of the trash again. */
  left: (n: number) => string;
}

const PHOTOS: TrashWords = {
  moved: (n) => plural(n, msg('1 foto movida a la papelera.'), msg(str`${n} fotos movidas a la papelera.`)),
  stayed: ([first, ...others]) =>
    first && others.length === 0 ? msg(str`«${first.title}» sigue en la galería.`) : msg(str`${others.length + 1} fotos siguen en la galería.`),
  left: (n) => plural(n, msg('1 foto sigue en la papelera.'), msg(str`${n} fotos siguen en la papelera.`)),
};

/** To the trash at once on the screen, then in the service; what it refuses comes back, and all of it by undo. */
export async function trashWithUndo<T extends Photo>(
  api: Api,
  photos: readonly T[],
  screen: Screen<T>,
  words: TrashWords = PHOTOS,
): Promise<void> {
  screen.takeOut(photos);
  let undone = false;
  const close = toastUndo(words.moved(photos.length), () => {
    undone = true;
    screen.putBack(photos);
    void trashed.then((gone) => restore(api, gone, screen, words));
  });
  const trashed = inTrash(api, photos, screen, words, () => close());
  const gone = await trashed;
  if (gone.length > 0 && !undone) screen.settled?.('trashed', gone);
}

async function inTrash<T extends Photo>(
  api: Api,
  photos: readonly T[],
  screen: Screen<T>,
  words: TrashWords,
  close: () => void,
): Promise<T[]> {
  const { done, failed } = await each(photos, async (photo) => {
    await trashDocument(api, photo.id);
    return photo;
  });
  const [first] = failed;
  if (first === undefined) return done;
  if (done.length === 0) close();
  const back = failed.map(({ item }) => item);
  screen.putBack(back);
  toastProblem(words.stayed(back), first.problem, () => void trashWithUndo(api, back, screen, words));
  return done;
}

async function restore<T extends Photo>(api: Api, photos: readonly T[], screen: Screen<T>, words: TrashWords): Promise<void> {
  const { done, failed } = await each(photos, async (photo) => {
    await restoreDocument(api, photo.id);
    return photo;
  });
  if (done.length > 0) screen.settled?.('restored', done);
  const [first] = failed;
  if (first === undefined) return;
  const left = failed.map(({ item }) => item);
  screen.takeOut(left);
  toastProblem(words.left(left.length), first.problem, () => {
    screen.putBack(left);
    void restore(api, left, screen, words);
  });
}
