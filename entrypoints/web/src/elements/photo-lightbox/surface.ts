import pswp from 'photoswipe/photoswipe.css?inline';
import own from './surface.css?inline';

let adopted = false;

/** PhotoSwipe must live in the document, not in a shadow root, and so must its style sheet: a constructed one. */
function adoptStyles(): void {
  if (adopted) return;
  adopted = true;
  const sheets = [pswp, own].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];
}

/** An empty modal over the whole window, in the document's body. */
export function makeSurface(): HTMLDialogElement {
  adoptStyles();
  const dialog = document.createElement('dialog');
  dialog.className = 'cm-lightbox';
  dialog.setAttribute('aria-modal', 'true');
  dialog.tabIndex = -1;
  document.body.append(dialog);
  return dialog;
}
