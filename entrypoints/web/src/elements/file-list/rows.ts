import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { Files, FilterX } from 'lucide';
import { define, MediaElement, nameOf } from '../../base/index.js';
import { downloadDocument } from '../../api/saving.js';
import type { RecordFile } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { handled, inText } from '../../controllers/hotkeys.js';
import { RangeWindow } from '../../controllers/range-window.js';
import { msg, plural, str } from '../../i18n/index.js';
import { EVERY_FILE, fileRestrictions, NEWEST, seen, type FileFilter, type Order } from '../../state/file-view.js';
import { nextAfter } from '../../state/optimistic.js';
import { chunked, placeOf } from '../../state/pages.js';
import { all, extended, kept, NONE, toggled, type Selection } from '../../state/selection.js';
import { emptyState } from '../../ui/states.js';
import { zipPhotos } from '../photo-gallery/acts.js';
import { FilePreview } from '../file-preview/file-preview.js';
import { toastProblem } from '../toast-stack/toasts.js';
import { FileEditEvent, FileOpenEvent, FileRestoreEvent, FilesDeleteEvent } from './events.js';
import type { FileOperation } from './file-list.js';
import { fileRow } from './row.js';
import { styles } from './styles.js';
import { chosenBar, columns, panel, tools } from './tools.js';

/** Rows that are drawn or left out together. */
const PIECE = 50;
/** Fewer are found by looking. */
const SEARCHED_FROM = 4;

/** What `<file-list>` shows. */
export class FileRows extends MediaElement {
  static readonly tag = 'cm-file-rows';
  static override styles = [...styles];

  @property({ attribute: false }) files: readonly RecordFile[] = [];
  @property({ attribute: false }) marked: readonly string[] = [];
  @property({ attribute: false }) operations: readonly FileOperation[] = [];
  @property() label = '';
  /** What a marked row says. */
  @property({ attribute: false }) markedText = '';
  @state() filter: FileFilter = EVERY_FILE;
  @state() order: Order = NEWEST;
  @state() selection: Selection = NONE;
  @state() filtersOpen = false;
  @state() private opened: RecordFile | undefined;

  /** What is shown, in its order. */
  shown: readonly RecordFile[] = [];
  readonly window = new RangeWindow(this, {
    boxes: () => this.renderRoot.querySelectorAll<HTMLElement>('.piece'),
    sentinel: () => null,
    end: () => undefined,
    size: PIECE,
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if ((['files', 'filter', 'order'] as const).some((name) => changed.has(name))) {
      this.shown = seen(this.files, this.filter, this.order);
    }
    if (this.selection !== NONE) this.selection = kept(this.selection, this.choosable);
  }

  protected override updated(): void {
    for (const box of this.renderRoot.querySelectorAll<HTMLElement>('.piece')) {
      box.style.setProperty('--rows', box.dataset['rows'] ?? '0'); // drawn or not: what is far away keeps its place
    }
  }

  may(operation: FileOperation): boolean {
    return this.operations.includes(operation);
  }

  isMarked(id: string): boolean {
    return this.marked.includes(id);
  }

  refine(change: Partial<FileFilter>): void {
    this.filter = { ...this.filter, ...change };
  }

  show(file: RecordFile): void {
    if (this.dispatchEvent(new FileOpenEvent(file))) this.opened = file;
  }

  download(file: RecordFile): void {
    downloadDocument(this.api, file.id, file.file_name).catch((problem: unknown) => {
      toastProblem(msg(str`«${file.file_name}» no se ha descargado.`), problem, () => this.download(file));
    });
  }

  edit(file: RecordFile): void {
    this.dispatchEvent(new FileEditEvent(file));
  }

  /** Delete them, or mark them for it: whoever holds the list does it. The focus goes to the next row. */
  discard(files: readonly RecordFile[]): void {
    const gone = new Set(files.map(({ id }) => id));
    const heir = nextAfter(this.shown.map(({ id }) => id), gone);
    this.selection = NONE;
    this.dispatchEvent(new FilesDeleteEvent(files));
    void this.#focus(files.length === 1 ? [files[0]?.id, heir] : [heir]);
  }

  removeChosen(): void {
    this.discard(this.chosen);
  }

  restore(file: RecordFile): void {
    this.dispatchEvent(new FileRestoreEvent(file));
    void this.#focus([file.id]);
  }

  zip(): void {
    void zipPhotos(this.api, this.chosen, this.label || msg('Archivos'));
  }

  /** Ids of those in sight that can be chosen: what is marked is decided. */
  get choosable(): string[] {
    return this.shown.map(({ id }) => id).filter((id) => !this.isMarked(id));
  }

  get chosen(): RecordFile[] {
    return this.shown.filter(({ id }) => this.selection.chosen.has(id));
  }

  choose(id: string, asRange: boolean): void {
    const ranged = asRange && this.selection.anchor !== null;
    this.#select(ranged ? extended(this.selection, this.choosable, id) : toggled(this.selection, id));
  }

  chooseAll(every: boolean): void {
    this.#select(every ? all(this.choosable) : NONE);
  }

  leave(): void {
    const [first] = this.chosen;
    this.#select(NONE);
    void this.#focus([first?.id]);
  }

  #select(selection: Selection): void {
    this.selection = selection;
    const n = selection.chosen.size;
    announce(n === 0 ? msg('Nada seleccionado') : plural(n, msg('1 seleccionado'), msg(str`${n} seleccionados`)));
  }

  /** A picture did not load: the icon behind it stays, and whoever holds the list may ask for new signed urls. */
  lost(event: Event): void {
    (event.target as HTMLElement).hidden = true;
    this.dispatchEvent(new Event('thumbs-lost', { bubbles: true, composed: true }));
  }

  /** The first of these rows that is there. */
  async #focus(ids: readonly (string | null | undefined)[]): Promise<void> {
    await this.updateComplete;
    await new Promise((done) => setTimeout(done)); // whoever holds the list has answered by then
    await this.updateComplete;
    const row = ids.map((id) => id && this.renderRoot.querySelector(`[data-id="${CSS.escape(id)}"]`)).find(Boolean);
    const target = row || this.renderRoot.querySelector('.row');
    (target as Element | null)?.querySelector<HTMLElement>('.undo, button.name, input:enabled')?.focus();
  }

  #pressed = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.row');
    if (!row || inText(event)) return;
    const at = placeOf(this.shown, row.dataset['id'] ?? null);
    const file = this.shown[at];
    if (!file) return;
    const to = (place: number) => (): void => void this.#goTo(place, event.target as HTMLElement);
    const remove = (): void => (this.selection.chosen.size > 0 ? this.removeChosen() : this.discard([file]));
    handled(event, {
      ArrowDown: to(at + 1),
      ArrowUp: to(at - 1),
      Home: to(0),
      End: to(this.shown.length - 1),
      'Mod+a': () => this.chooseAll(true),
      ...(this.may('delete') && !this.isMarked(file.id) ? { Delete: remove } : {}),
      ...(this.selection.chosen.size > 0 ? { Escape: () => this.#select(NONE) } : {}),
    });
  };

  /** To the same part of another row. */
  async #goTo(place: number, from: HTMLElement): Promise<void> {
    const file = this.shown[Math.max(0, Math.min(place, this.shown.length - 1))];
    if (!file) return;
    this.window.keep(Math.floor(placeOf(this.shown, file.id) / PIECE));
    await this.updateComplete;
    const row = this.renderRoot.querySelector(`[data-id="${CSS.escape(file.id)}"]`);
    const part = from.matches('.check input') ? '.check input:enabled' : from.matches('cm-menu') ? 'cm-menu' : 'button.name';
    const target = row?.querySelector<HTMLElement>(part) ?? row?.querySelector<HTMLElement>('.undo, input:enabled');
    (target?.shadowRoot?.querySelector<HTMLElement>('button') ?? target)?.focus();
  }

  protected override render(): TemplateResult {
    const pieces = chunked(this.shown, PIECE);
    return html`
      <div class="frame">
        ${this.selection.chosen.size > 0 ? chosenBar(this) : this.files.length >= SEARCHED_FROM ? tools(this) : nothing}
        ${this.filtersOpen ? panel(this) : nothing}
        ${this.shown.length > 1 ? columns(this) : nothing}
        <div
          class="list"
          part="list"
          role="list"
          aria-label=${this.label || msg('Archivos')}
          ?hidden=${this.shown.length === 0}
          @keydown=${this.#pressed}
          @focusin=${this.#entered}
        >
          ${pieces.map((files, at) => this.#piece(files, at))}
        </div>
        ${this.shown.length === 0 ? this.#nothing() : nothing}
      </div>
      ${this.#preview()}
    `;
  }

  #piece(files: readonly RecordFile[], at: number): TemplateResult {
    const some = files.slice(0, this.window.drawn(at));
    return html`
      <ul class="piece" role="presentation" data-piece=${at} data-rows=${files.length}>
        ${repeat(some, ({ id }) => id, (file, index) => fileRow(this, file, at * PIECE + index))}
      </ul>
    `;
  }

  #entered = (event: Event): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.row')?.dataset['id'] ?? null;
    this.window.keep(Math.floor(placeOf(this.shown, id) / PIECE));
  };

  #nothing(): TemplateResult {
    if (this.files.length === 0) return emptyState({ icon: Files, title: msg('Todavía no hay archivos'), small: true });
    const clear = (): void => void (this.filter = EVERY_FILE);
    const text = fileRestrictions(this.filter) > 0 ? msg('Hay archivos, pero ninguno pasa los filtros.') : undefined;
    return emptyState({
      icon: FilterX,
      title: msg('Ningún archivo así'),
      text,
      actions: html`<button class="button" type="button" @click=${clear}>${msg('Ver todos los archivos')}</button>`,
    });
  }

  #preview(): TemplateResult {
    const tag = unsafeStatic(nameOf(FilePreview));
    return staticHtml`
      <${tag}
        .client=${this.api}
        .file=${this.opened}
        .files=${this.shown}
        .open=${this.opened !== undefined}
        @dialog-close=${() => (this.opened = undefined)}
      ></${tag}>
    `;
  }
}

define(FileRows);

declare global {
  interface HTMLElementTagNameMap {
    'cm-file-rows': FileRows;
  }
}
