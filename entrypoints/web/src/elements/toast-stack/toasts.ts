import { nameOf } from '../../base/define.js';
import { announce } from '../../controllers/announce.js';
import { followTopLayer } from '../../controllers/layers.js';
import { explain } from '../../api/problem.js';
import { ToastStack, type Toast } from './toast-stack.js';

let stack: ToastStack | undefined;

/** The page's messages: the host's `<toast-stack>`, or one of our own. It moves into the topmost dialog. */
export function toastStack(): ToastStack {
  if (stack?.isConnected) return stack;
  const name = nameOf(ToastStack);
  const found = document.querySelector<ToastStack>(name) ?? (document.createElement(name) as ToastStack);
  const home = found.parentElement ?? document.body;
  stack = found;
  followTopLayer((layer) => {
    if (stack !== found) return;
    const place = layer === document.body ? home : layer;
    if (found.parentElement !== place) place.append(found);
  });
  return found;
}

/** Show a message. Success and information close by themselves, errors do not. Returns how to close it. */
export function toast(message: Omit<Toast, 'id'>): () => void {
  announce(message.text, message.kind === 'error');
  return toastStack().show(message);
}

/** Say what was done and offer to undo it, for ten seconds. */
export function toastUndo(text: string, undo: () => void): () => void {
  return toast({ kind: 'success', text, undo, seconds: 10 });
}

/** Say what failed, with a way to try again. */
export function toastProblem(text: string, error: unknown, retry?: () => void): () => void {
  return toast({ kind: 'error', text: `${text} ${explain(error)}`.trim(), ...(retry ? { retry } : {}) });
}
