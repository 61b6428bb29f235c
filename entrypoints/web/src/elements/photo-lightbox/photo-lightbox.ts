import { nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { MediaDocument } from '../../api/types.js';
import { Later } from '../../controllers/later.js';
import { LightboxCloseEvent } from './events.js';
import type { Show } from './show.js';

/**
 * Photos one by one over the whole window: zoom, swipe, keys, what is known of each, editing in place. Give it `photos`
 * and set `open` to the id of one of them.
 *
 * @fires {LightboxMoveEvent} lightbox-move
 * @fires {LightboxCloseEvent} lightbox-close
 * @fires {LightboxEndEvent} lightbox-end - append more to `photos`, if there are more
 * @fires {PhotoTrashEvent} photo-trash - cancel it to move the photo to the trash yourself
 * @fires {PhotoChangeEvent} photo-change
 */
export class PhotoLightbox extends MediaElement {
  static readonly tag = 'photo-lightbox';

  @property({ attribute: false }) photos: readonly MediaDocument[] = [];
  /** The id of the photo that is shown; null when closed. */
  @property() open: string | null = null;
  /** How many there are in all, when `photos` has only the first of them. */
  @property({ type: Number }) total = 0;
  @property({ type: Boolean }) readonly = false;
  /** Change, but do not throw away. */
  @property({ type: Boolean, attribute: 'no-delete' }) noDelete = false;
  /** The picture that a photo grows from and shrinks to. */
  @property({ attribute: false }) thumbOf: (id: string) => HTMLElement | null = () => null;

  readonly #part = new Later(this, () => import('./show.js'));
  #show: Show | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#part.soon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#show?.end();
  }

  /** The photo on the stage. */
  get shown(): MediaDocument | undefined {
    return this.photos.find(({ id }) => id === this.open);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.open !== null && this.photos.length > 0) {
      if (!this.#show) void this.#begin();
      else if (changed.has('photos')) void this.#show.follow();
      else if (changed.has('open')) this.#show.goTo(this.open);
    } else if (changed.has('open') || this.photos.length === 0) {
      this.#show?.act('close');
    }
    this.#show?.dress();
  }

  async #begin(): Promise<void> {
    const part = await this.#part.begin();
    if (!part) this.#ended();
    else if (this.isConnected && this.open !== null && !this.#show) this.#show = new part.Show(this, () => this.#ended());
  }

  #ended(): void {
    this.#show = undefined;
    this.open = null;
    this.dispatchEvent(new LightboxCloseEvent());
  }

  protected override render(): typeof nothing {
    return nothing;
  }
}
