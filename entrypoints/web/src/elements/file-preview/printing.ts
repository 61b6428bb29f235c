import type { Previewed } from '../../state/previewed.js';

/** Print what is shown: a PDF by its own viewer, anything else on a page of its own without the rest of this one. */
export function print(file: Previewed, url: string, text: string, frame: HTMLIFrameElement | null): void {
  if (file.showing === 'pdf') printFrame(frame, url);
  else printAlone(file, url, text);
}

function printFrame(frame: HTMLIFrameElement | null, url: string): void {
  try {
    if (!frame?.contentWindow) throw new Error('there is no viewer');
    frame.contentWindow.focus();
    frame.contentWindow.print();
  } catch {
    // A viewer of another origin cannot be asked; in a tab of its own it has a button for it.
    window.open(url, '_blank', 'noopener');
  }
}

function printAlone(file: Previewed, url: string, text: string): void {
  const frame = document.createElement('iframe');
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  Object.assign(frame.style, { position: 'fixed', inlineSize: '0', blockSize: '0', border: '0', insetBlockEnd: '0' });
  document.body.append(frame);
  const inner = frame.contentWindow;
  const page = frame.contentDocument;
  if (!inner || !page) return frame.remove();
  page.title = file.name;
  inner.addEventListener('afterprint', () => setTimeout(() => frame.remove()));
  if (file.showing === 'text') {
    const words = page.createElement('pre');
    words.textContent = text;
    Object.assign(words.style, { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', font: '10pt/1.4 monospace' });
    page.body.append(words);
    inner.print();
    return;
  }
  const picture = page.createElement('img');
  Object.assign(picture.style, { display: 'block', maxInlineSize: '100%', maxBlockSize: '95vh', margin: '0 auto' });
  picture.onload = (): void => inner.print();
  picture.onerror = (): void => frame.remove();
  picture.src = url;
  page.body.append(picture);
}
