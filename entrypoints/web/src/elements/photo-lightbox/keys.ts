import { handled, inText, keyOf } from '../../controllers/hotkeys.js';
import type { Show } from './show.js';

const STEP = 0.15;

/** ← → Home End + − 0, Shift with arrows moves an enlarged picture, i info, e edit, p pair, c compare, d download, Supr; Esc. In a field only Esc counts. */
export function lightboxKeys(lightbox: Show, event: KeyboardEvent): void {
  if (inText(event) && keyOf(event) !== 'Escape') return;
  const { frame, stage } = lightbox;
  const { shown, readonly } = lightbox.host;
  const panel = (name: 'info' | 'edit') => (): void => frame.show(frame.panel === name ? 'none' : name);
  const write = (run: () => void) => (): void => (readonly ? undefined : run());
  handled(event, {
    ArrowLeft: () => lightbox.act('previous'),
    ArrowRight: () => lightbox.act('next'),
    Home: () => lightbox.go(0),
    End: () => lightbox.go(Infinity),
    'Shift+ArrowLeft': () => stage?.pan(STEP, 0),
    'Shift+ArrowRight': () => stage?.pan(-STEP, 0),
    'Shift+ArrowUp': () => stage?.pan(0, STEP),
    'Shift+ArrowDown': () => stage?.pan(0, -STEP),
    '+': () => lightbox.act('larger'),
    '-': () => lightbox.act('smaller'),
    '0': () => stage?.zoom(0),
    i: panel('info'),
    e: write(panel('edit')),
    p: write(() => !shown?.paired_document_id && lightbox.act('pair')),
    c: () => shown?.paired_document_id && lightbox.act('compare'),
    d: () => void frame.download(),
    Delete: write(() => lightbox.act('trash')),
    Escape: () => lightbox.leave(),
  });
}
