import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { CircleAlert, FileClock, FolderOpen, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { drop, interrupted, spotOf, type Interrupted } from '../../api/kept-uploads.js';
import { msg, str } from '../../i18n/index.js';
import type { PhotoUploads } from '../../state/photo-uploads.js';
import { ACCEPT } from '../../state/staged.js';
import { percent } from '../../ui/format.js';

/** Uploads of a patient that an earlier page left in the middle: they go on when their file is picked again. */
export class InterruptedUploads {
  #list: readonly Interrupted[] = [];
  /** For which another file was picked. */
  #mistaken = '';

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly uploads: () => PhotoUploads,
  ) {}

  get length(): number {
    return this.#list.length;
  }

  async find(): Promise<void> {
    const { api, to } = this.uploads();
    this.#show(await interrupted(api, to));
  }

  /** Go on with those whose file is here; the files that are none of theirs. */
  async take(files: readonly File[]): Promise<File[]> {
    const uploads = this.uploads();
    const spots = await Promise.all(files.map((file) => spotOf(uploads.api, uploads.to, file)));
    const known = files.flatMap((file, at) => {
      const one = this.#list.find(({ spot }) => spot === spots[at]);
      return one ? [{ one, file }] : [];
    });
    this.#show(this.#list.filter((one) => !known.some((each) => each.one === one)));
    uploads.send(known.map(({ one, file }) => ({ key: crypto.randomUUID(), file, fields: one.fields, preview: URL.createObjectURL(file) })));
    return files.filter((file) => !known.some((each) => each.file === file));
  }

  #show(list: readonly Interrupted[]): void {
    this.#list = list;
    this.#mistaken = '';
    this.host.requestUpdate();
  }

  #discard({ spot, url }: Interrupted): void {
    this.#show(this.#list.filter((one) => one.spot !== spot));
    void drop(this.uploads().api, spot, url);
  }

  #picked = async (event: Event, { spot }: Interrupted): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const others = await this.take([...(input.files ?? [])]);
    input.value = ''; // so that the same file can be picked again
    if (others.length === 0) return;
    this.#mistaken = spot;
    this.host.requestUpdate();
  };

  rows(): TemplateResult[] {
    return this.#list.map((one) => {
      const text = msg(str`Vuelve a elegir el archivo para continuar en ${percent(one.offset / one.size)}`);
      return html`
        <li class="row">
          <span class="preview">${icon(FileClock)}</span>
          <div class="about">
            <span class="name">${one.name}</span>
            <span class="details">${text}</span>
            ${this.#mistaken === one.spot
              ? html`<span class="details fault" role="alert">${icon(CircleAlert)}${msg('Ese es otro archivo, o ha cambiado desde entonces.')}</span>`
              : nothing}
          </div>
          <label class="button">
            ${icon(FolderOpen)}${msg('Elegir')}<span class="sr-only">${one.name}</span>
            <input class="sr-only" type="file" accept=${ACCEPT} @change=${(event: Event) => void this.#picked(event, one)} />
          </label>
          <button class="button quiet square" type="button" aria-label=${msg(str`Descartar ${one.name}`)} @click=${() => this.#discard(one)}>
            ${icon(X)}
          </button>
        </li>
      `;
    });
  }
}
