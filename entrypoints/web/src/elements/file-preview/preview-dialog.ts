import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ChevronLeft, ChevronRight, Download, Expand, Printer, ZoomIn, ZoomOut, type IconNode } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { getDocument } from '../../api/photos.js';
import { isAbort, noAnswer } from '../../api/problem.js';
import { downloadDocument } from '../../api/saving.js';
import type { MediaDocument, RecordFile } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { handled, inText } from '../../controllers/hotkeys.js';
import { Patience } from '../../controllers/patience.js';
import { ZoomPan } from '../../controllers/zoom-pan.js';
import { msg, str } from '../../i18n/index.js';
import { neighbours, previewed, type Previewed } from '../../state/previewed.js';
import { WHOLE } from '../../state/view.js';
import { DialogCloseEvent } from '../../ui/dialog.js';
import '../../ui/dialog.js';
import { percent } from '../../ui/format.js';
import { toastProblem } from '../toast-stack/toasts.js';
import { print } from './printing.js';
import { styles } from './styles.js';
import { place, view } from './views.js';

/** As much of a text as anybody reads in a dialog. */
const MOST_TEXT = 512 * 1024;
const STEP = 1.5;

/** What `<file-preview>` shows once it is opened. */
export class PreviewDialog extends MediaElement {
  static readonly tag = 'cm-preview-dialog';
  static override styles = [...styles];

  @property({ attribute: false }) file?: RecordFile | MediaDocument | undefined;
  @property({ attribute: false }) fileId = '';
  @property({ attribute: false }) files: readonly (RecordFile | MediaDocument)[] = [];
  @property({ type: Boolean }) open = false;
  @state() shown: Previewed | undefined;
  @state() problem: unknown = null;
  @state() ready = false;
  @state() text = '';
  /** The text is longer than what is shown of it. */
  cut = false;

  readonly zoom = new ZoomPan(this);
  readonly patience = new Patience(this);
  #stop = new AbortController();
  #renewed = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  get url(): string {
    return this.api.link(this.shown?.url);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('open') && !changed.has('file') && !changed.has('fileId')) return;
    if (!this.open) this.#end();
    else if (this.file) this.#show(previewed(this.file));
    else if (this.fileId) void this.#fetch(this.fileId);
  }

  protected override updated(): void {
    place(this);
  }

  #end(): void {
    this.#stop.abort();
    this.patience.end();
    this.shown = undefined;
    this.problem = null;
  }

  #show(file: Previewed, renewed = false): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#renewed = renewed;
    this.zoom.view = WHOLE;
    Object.assign(this, { shown: file, problem: null, ready: false, text: '', cut: false });
    this.patience.begin();
    if (file.showing === 'text') void this.#read(file);
    else if (file.showing === 'none') this.arrived();
  }

  /** What is known of a file by its id, with fresh links. */
  async #fetch(id: string, renewed = false): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.problem = null;
    this.patience.begin();
    try {
      const document = await getDocument(this.api, id, signal); // a file is a document, on a record or not
      if (!signal.aborted) this.#show(previewed(document), renewed);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  async #read(file: Previewed): Promise<void> {
    const { signal } = this.#stop;
    try {
      const headers = { Range: `bytes=0-${MOST_TEXT - 1}` };
      const answer = await this.api.fetch(`media/documents/${file.id}/download`, { headers, signal });
      const text = new TextDecoder().decode(await answer.arrayBuffer());
      if (signal.aborted) return;
      this.cut = file.size > MOST_TEXT;
      this.text = text;
      this.arrived();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #failed(problem: unknown): void {
    if (isAbort(problem)) return;
    this.patience.end();
    this.problem = problem;
  }

  arrived(): void {
    this.patience.end();
    this.ready = true;
  }

  /** A signed link may have run out: once with a fresh one before it is a failure. */
  lost(): void {
    if (this.#renewed) this.#failed(noAnswer());
    else if (this.shown) void this.#fetch(this.shown.id, true);
  }

  retry(): void {
    const id = this.shown?.id ?? this.file?.id ?? this.fileId;
    if (id) void this.#fetch(id);
  }

  download(): void {
    const { shown } = this;
    if (!shown) return;
    downloadDocument(this.api, shown.id, shown.name).catch((problem: unknown) => {
      toastProblem(msg(str`«${shown.name}» no se ha descargado.`), problem, () => this.download());
    });
  }

  #print(): void {
    if (this.shown) print(this.shown, this.url, this.text, this.renderRoot.querySelector('iframe'));
  }

  #zoomed(factor: number): void {
    if (factor === 0) this.zoom.set(WHOLE);
    else this.zoom.zoom(factor);
    announce(percent(this.zoom.view.scale));
  }

  #goTo(file: RecordFile | MediaDocument | null): void {
    if (!file) return;
    this.#show(previewed(file));
    announce(this.shown?.name ?? '');
  }

  #pressed = (event: KeyboardEvent): void => {
    const { shown } = this;
    if (!shown || inText(event)) return;
    const { before, after } = neighbours(this.files, shown.id);
    const larger = this.zoom.view.scale > 1;
    const zoom = { '+': () => this.#zoomed(STEP), '-': () => this.#zoomed(1 / STEP), '0': () => this.#zoomed(0) };
    const pan = {
      ArrowLeft: () => this.zoom.pan(0.1, 0),
      ArrowRight: () => this.zoom.pan(-0.1, 0),
      ArrowUp: () => this.zoom.pan(0, 0.1),
      ArrowDown: () => this.zoom.pan(0, -0.1),
    };
    const go = { ArrowLeft: () => this.#goTo(before), ArrowRight: () => this.#goTo(after) };
    handled(event, {
      d: () => this.download(),
      ...(shown.showing === 'none' ? {} : { p: () => this.#print(), 'Mod+p': () => this.#print() }),
      ...(shown.showing === 'picture' ? zoom : {}),
      ...(larger ? pan : go),
    });
  };

  #close(event?: Event): void {
    event?.stopPropagation();
    if (this.dispatchEvent(new DialogCloseEvent())) this.open = false;
    else event?.preventDefault();
  }

  protected override render(): TemplateResult {
    return html`
      <cm-dialog size="full" bare heading=${this.shown?.name ?? msg('Vista previa')} .open=${this.open} @dialog-close=${this.#close} @keydown=${this.#pressed}>
        <span slot="header" class="tools">${this.open ? this.#tools() : nothing}</span>
        ${this.open ? html`<div class="frame">${view(this)} ${this.#caption()}</div>` : nothing}
      </cm-dialog>
    `;
  }

  #tools(): TemplateResult | typeof nothing {
    const { shown } = this;
    if (!shown) return nothing;
    const { scale } = this.zoom.view;
    return html`
      ${this.#others()}
      ${shown.showing === 'picture'
        ? html`
            <span class="zoom" role="group" aria-label=${msg('Ampliar')}>
              ${this.#tool(msg('Reducir'), ZoomOut, () => this.#zoomed(1 / STEP), scale <= 1)}
              ${this.#tool(msg('Ampliar'), ZoomIn, () => this.#zoomed(STEP))}
              ${this.#tool(msg('Ver entera'), Expand, () => this.#zoomed(0), scale <= 1)}
            </span>
          `
        : nothing}
      ${shown.showing === 'none' ? nothing : this.#tool(msg('Imprimir'), Printer, () => this.#print())}
      ${this.#tool(msg('Descargar'), Download, () => this.download())}
    `;
  }

  #tool(label: string, picture: IconNode, run: () => void, off = false): TemplateResult {
    return html`
      <button class="button quiet square" type="button" aria-label=${label} data-tip=${label} data-tip-at="below" aria-disabled=${off} @click=${run}>
        ${icon(picture)}
      </button>
    `;
  }

  /** To the file before and after. */
  #others(): TemplateResult | typeof nothing {
    const at = this.files.findIndex(({ id }) => id === this.shown?.id);
    if (at === -1 || this.files.length < 2) return nothing;
    const { before, after } = neighbours(this.files, this.shown?.id ?? '');
    return html`
      <span class="others" role="group" aria-label=${msg('Archivos')}>
        ${this.#tool(msg('Anterior'), ChevronLeft, () => this.#goTo(before), before === null)}
        <span class="place">${msg(str`${at + 1} de ${this.files.length}`)}</span>
        ${this.#tool(msg('Siguiente'), ChevronRight, () => this.#goTo(after), after === null)}
      </span>
    `;
  }

  #caption(): TemplateResult | typeof nothing {
    const { shown } = this;
    const note = shown?.derived && this.ready ? msg('Imagen hecha a partir del archivo. El original está en la descarga.') : '';
    if (!shown || (!shown.description && !note)) return nothing;
    return html`<p class="caption">${shown.description}${note ? html`<span class="note">${note}</span>` : nothing}</p>`;
  }
}

define(PreviewDialog);

declare global {
  interface HTMLElementTagNameMap {
    'cm-preview-dialog': PreviewDialog;
  }
}
