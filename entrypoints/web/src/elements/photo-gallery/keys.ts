import { handled, keyOf } from '../../controllers/hotkeys.js';
import { movedBy } from '../../state/grid.js';
import { chooseAll, trashChosen } from './acts.js';
import type { PhotoGallery } from './photo-gallery.js';

/** One tab stop; arrows, Home and End move, Shift chooses on the way. */
export function gridKeys(gallery: PhotoGallery, event: KeyboardEvent): void {
  if (event.defaultPrevented || !moves(gallery, event)) acts(gallery, event);
}

function moves(gallery: PhotoGallery, event: KeyboardEvent): boolean {
  const { items } = gallery.list.pages;
  const at = items.findIndex(({ id }) => id === gallery.current);
  const shift = event.shiftKey;
  const to = /^(Shift\+)?(Arrow|Home|End)/.test(keyOf(event)) ? movedBy(event.key, at, gallery.columns, items.length) : null;
  const target = to === null ? undefined : items[to];
  if (at === -1 || !target) return false;
  event.preventDefault();
  if (shift && gallery.current) gallery.selection.extend(gallery.current, target.id);
  void gallery.focusCard(target.id);
  return true;
}

function acts(gallery: PhotoGallery, event: KeyboardEvent): void {
  const photo = gallery.list.pages.items.find(({ id }) => id === gallery.current);
  if (!photo) return;
  handled(event, {
    Enter: () => gallery.open(photo),
    ' ': () => gallery.selection.toggle(photo.id, false),
    'Shift+ ': () => gallery.selection.toggle(photo.id, true),
    Escape: () => (gallery.selection.active ? gallery.selection.clear() : gallery.leaveGrid()),
    Delete: () => trashChosen(gallery),
    'Mod+a': () => void chooseAll(gallery),
    '?': () => (gallery.dialog = 'keys'),
  });
}
