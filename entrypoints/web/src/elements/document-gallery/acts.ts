import type { MediaDocument } from '../../api/types.js';
import { downloadDocument } from '../../api/saving.js';
import { msg, plural, str } from '../../i18n/index.js';
import { nextAfter, putBack, takeOut, type Removed } from '../../state/optimistic.js';
import { withItems } from '../../state/pages.js';
import { trashWithUndo, type TrashWords } from '../../ui/trashing.js';
import { toastProblem } from '../toast-stack/toasts.js';
import type { Documents } from './documents.js';

const WORDS: TrashWords = {
  moved: (n) => plural(n, msg('1 documento movido a la papelera.'), msg(str`${n} documentos movidos a la papelera.`)),
  stayed: ([first]) => msg(str`«${first?.title ?? ''}» sigue aquí.`),
  left: (n) => plural(n, msg('1 documento sigue en la papelera.'), msg(str`${n} documentos siguen en la papelera.`)),
};

/** To the trash, with undo; the focus goes to the next card. */
export function trash(gallery: Documents, document: MediaDocument): void {
  let removed: Removed<MediaDocument>[] = [];
  const { list } = gallery;
  void trashWithUndo(
    gallery.api,
    [document],
    {
      takeOut: (gone) => {
        const ids = new Set(gone.map(({ id }) => id));
        const heir = nextAfter(list.pages.items.map(({ id }) => id), ids);
        const outcome = takeOut(list.pages.items, ids);
        removed = outcome.removed;
        list.show(withItems(list.pages, outcome.left));
        void gallery.focusCard(heir);
      },
      putBack: (back) => {
        const ids = new Set(back.map(({ id }) => id));
        list.show(withItems(list.pages, putBack(list.pages.items, removed.filter(({ item }) => ids.has(item.id)))));
      },
      settled: (reason, documents) => gallery.tell(reason, documents),
    },
    WORDS,
  );
}

export function download(gallery: Documents, document: MediaDocument): void {
  downloadDocument(gallery.api, document.id, document.original_filename).catch((problem: unknown) => {
    toastProblem(msg(str`«${document.title}» no se ha descargado.`), problem, () => download(gallery, document));
  });
}
