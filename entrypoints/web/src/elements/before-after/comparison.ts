import { Task, TaskStatus } from '@lit/task';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, queryAll, state } from 'lit/decorators.js';
import { ChevronsLeftRight, Columns2, Scan, SquareSplitHorizontal, ZoomIn, ZoomOut, type IconNode } from 'lucide';
import { define, icon, MediaElement } from '../../base/index.js';
import { getDocument } from '../../api/photos.js';
import type { MediaDocument, Pair } from '../../api/types.js';
import { handled } from '../../controllers/hotkeys.js';
import { ZoomPan } from '../../controllers/zoom-pan.js';
import { msg, str } from '../../i18n/index.js';
import { transformOf, WHOLE } from '../../state/view.js';
import { day } from '../../ui/format.js';
import { errorState } from '../../ui/states.js';
import { styles } from './styles.js';

type Side = 'before' | 'after';
const DRAWN = /^image\/(jpeg|png|webp|gif)$/;
const SHARP_FROM = 1.3;
const STEP = 0.08;

/** What `<before-after>` shows. */
export class Comparison extends MediaElement {
  static readonly tag = 'cm-comparison';
  static override styles = [...styles];

  @property({ attribute: false }) beforeId = '';
  @property({ attribute: false }) afterId = '';
  @property({ attribute: false }) pair?: Pair;
  @property({ reflect: true }) mode: 'slider' | 'side' = 'slider';
  @property({ type: Number }) split = 50;
  @state() private sharp = false;
  @queryAll('img') private images!: NodeListOf<HTMLImageElement>;

  readonly #look = new ZoomPan(this);
  readonly #task = new Task(this, {
    args: () => [this.beforeId, this.afterId, this.pair] as const,
    task: async ([before, after, pair], { signal }): Promise<Pair> => {
      if (pair) return pair;
      const [one, two] = await Promise.all([before, after].map((id) => getDocument(this.api, id, signal)));
      return { before: one as MediaDocument, after: two as MediaDocument };
    },
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#pressed);
  }

  #pressed = (event: KeyboardEvent): void => {
    const look = this.#look;
    handled(event, {
      '+': () => look.zoom(1.4),
      '-': () => look.zoom(1 / 1.4),
      '0': () => look.set(WHOLE),
      s: () => this.#flip(),
      'Shift+ArrowLeft': () => look.pan(STEP, 0),
      'Shift+ArrowRight': () => look.pan(-STEP, 0),
      'Shift+ArrowUp': () => look.pan(0, STEP),
      'Shift+ArrowDown': () => look.pan(0, -STEP),
    });
  };

  #flip(): void {
    this.mode = this.mode === 'slider' ? 'side' : 'slider';
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('beforeId') || changed.has('afterId') || changed.has('pair')) {
      this.sharp = false;
      this.#look.view = WHOLE;
    }
    if (this.#look.view.scale >= SHARP_FROM) this.sharp = true;
  }

  protected override updated(): void {
    const transform = transformOf(this.#look.view);
    for (const image of this.images) image.style.transform = transform;
    this.style.setProperty('--split', `${this.split}%`);
  }

  protected override render(): TemplateResult {
    const { status, value, error } = this.#task;
    if (status === TaskStatus.ERROR) return errorState(error, () => void this.#task.run());
    return html`
      <div class="stage" part="stage" aria-busy=${status === TaskStatus.PENDING}>${value ? this.#boxes(value) : nothing}</div>
      ${this.#tools()}
    `;
  }

  #boxes({ before, after }: Pair): TemplateResult {
    return html`
      <div class="boxes">${this.#box(before, 'before')} ${this.#box(after, 'after')}</div>
      ${this.mode === 'slider' ? this.#slider() : nothing}
    `;
  }

  #box(photo: MediaDocument, side: Side): TemplateResult {
    const look = this.#look;
    const sharp = this.sharp && DRAWN.test(photo.mime_type);
    const src = this.api.link(sharp ? photo.full_url : (photo.medium_url ?? photo.full_url));
    const name = side === 'before' ? msg('Antes') : msg('Después');
    const when = day(photo.captured_at ?? photo.created_at);
    return html`
      <figure
        class="box ${side} ${look.view.scale > 1 ? 'near' : ''}"
        @wheel=${look.wheel}
        @dblclick=${look.doubled}
        @pointerdown=${look.down}
        @pointermove=${look.move}
        @pointerup=${look.up}
        @pointercancel=${look.up}
        @lostpointercapture=${look.up}
      >
        <img src=${src} alt=${`${name}: ${photo.title}`} draggable="false" />
        <figcaption part="label"><b>${name}</b> ${when}</figcaption>
      </figure>
    `;
  }

  #slider(): TemplateResult {
    const { split } = this;
    return html`
      <input
        class="split"
        type="range"
        min="0"
        max="100"
        step="1"
        .value=${String(split)}
        aria-label=${msg('Límite entre antes y después')}
        aria-valuetext=${msg(str`${Math.round(split)} % antes`)}
        @input=${(event: Event) => (this.split = Number((event.target as HTMLInputElement).value))}
      />
      <span class="knob" aria-hidden="true">${icon(ChevronsLeftRight)}</span>
    `;
  }

  #tools(): TemplateResult {
    const look = this.#look;
    const tool = (label: string, picture: IconNode, run: () => void): TemplateResult => html`
      <button class="button quiet square" type="button" aria-label=${label} data-tip=${label} @click=${run}>${icon(picture)}</button>
    `;
    const choice = (mode: Comparison['mode'], label: string, picture: IconNode): TemplateResult => html`
      <button class="chip" type="button" aria-pressed=${this.mode === mode} @click=${() => (this.mode = mode)}>
        ${icon(picture)}${label}
      </button>
    `;
    return html`
      <div class="tools" part="tools" role="group" aria-label=${msg('Comparación')}>
        ${choice('slider', msg('Deslizar'), SquareSplitHorizontal)} ${choice('side', msg('Lado a lado'), Columns2)}
        <span class="zoom">
          ${tool(msg('Reducir'), ZoomOut, () => look.zoom(1 / 1.4))} ${tool(msg('Ampliar'), ZoomIn, () => look.zoom(1.4))}
          ${tool(msg('Ver entera'), Scan, () => look.set(WHOLE))}
        </span>
      </div>
    `;
  }
}

define(Comparison);

declare global {
  interface HTMLElementTagNameMap {
    'cm-comparison': Comparison;
  }
}
