import { getDocument } from '../../api/photos.js';
import { getTaxonomy } from '../../api/taxonomy.js';
import type { MediaDocument, Taxonomy } from '../../api/types.js';
import { announce } from '../../controllers/announce.js';
import { rememberFocus } from '../../controllers/focus-return.js';
import { layerClosed, layerOpened, topLayer } from '../../controllers/layers.js';
import { msg, str } from '../../i18n/index.js';
import { trashWithUndo } from '../../ui/trashing.js';
import { toastProblem } from '../toast-stack/toasts.js';
import { LightboxEndEvent, LightboxMoveEvent, PhotoChangeEvent, PhotoTrashEvent } from './events.js';
import { LightboxFrame, type FrameEvent } from './frame.js';
import { lightboxKeys } from './keys.js';
import { openCompare, openPairPicker } from './overlays.js';
import type { PhotoLightbox } from './photo-lightbox.js';
import { Stage, type StageHooks } from './stage.js';
import { makeSurface } from './surface.js';

const NEAR_THE_END = 6;
const BAR = 60;
const FOOTER = 84;
const PANEL = 360;
const WIDE = 768;
/** On a narrow screen the panel comes from below, with this part of the height. */
const SHEET = 0.62;

/** An open lightbox: a dialog with the stage and the frame around it. It ends when it is closed. */
export class Show {
  readonly frame = new LightboxFrame();
  stage: Stage | undefined;
  readonly #dialog = makeSurface();
  readonly #restore = rememberFocus();
  readonly #renewed = new Set<string>();
  #taxonomy: Taxonomy | undefined;
  #at = 0;
  #over = false;
  /** Grows with every stage: what an older one still says is not for us. */
  #turn = 0;

  constructor(
    readonly host: PhotoLightbox,
    private readonly ended: () => void,
  ) {
    this.#wire();
    this.dress();
    this.#dialog.append(this.frame);
    this.#dialog.showModal();
    layerOpened(this.#dialog);
    this.#dialog.focus();
    void getTaxonomy(host.api).then(
      (taxonomy) => {
        this.#taxonomy = taxonomy;
        this.dress();
      },
      () => undefined, // keys instead of labels
    );
    void this.#play(false);
  }

  #wire(): void {
    const dialog = this.#dialog;
    dialog.addEventListener('keydown', (event) => {
      if (topLayer() === dialog) lightboxKeys(this, event);
    });
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.leave();
    });
    dialog.addEventListener('close', () => this.end());
    this.frame.addEventListener('frame-act', (event) => this.act((event as FrameEvent).act));
    this.frame.addEventListener(PhotoChangeEvent.type, (event) => {
      event.stopPropagation();
      this.#tellChanged(event.reason, event.photos);
    });
  }

  async #play(still: boolean): Promise<void> {
    const turn = (this.#turn += 1);
    this.#at = this.#asked();
    const hooks: StageHooks = {
      begin: () => (turn === this.#turn ? { photos: this.host.photos, at: this.#asked() } : null),
      moved: (photo: MediaDocument) => turn === this.#turn && this.#moved(photo),
      closed: () => turn === this.#turn && this.end(),
      tapped: () => this.frame.toggleAttribute('bare'),
      lost: (photo: MediaDocument) => void this.#renew(photo),
      padding: () => this.#room(),
      thumbOf: (id: string) => this.host.thumbOf(id),
    };
    try {
      const stage = await Stage.open(this.#dialog, this.host.api, hooks, still);
      if (!stage) return;
      this.stage = stage;
      this.#dialog.append(this.frame); // behind the stage in the order of the keyboard, above it on the screen
    } catch (problem) {
      this.end();
      toastProblem(msg('La foto no se puede mostrar.'), problem);
    }
  }

  /** Where the photo that is to be shown is in the list. */
  #asked(): number {
    return Math.max(0, this.host.photos.findIndex(({ id }) => id === this.host.open));
  }

  #room(): { top: number; bottom: number; left: number; right: number } {
    const panel = this.frame.panel !== 'none';
    if (innerWidth >= WIDE) return { top: BAR, bottom: FOOTER, left: 16, right: 16 + (panel ? PANEL : 0) };
    return { top: BAR, bottom: panel ? innerHeight * SHEET : FOOTER, left: 0, right: 0 };
  }

  #moved(photo: MediaDocument): void {
    this.#at = this.host.photos.findIndex(({ id }) => id === photo.id);
    if (photo.id !== this.host.open) {
      this.host.open = photo.id;
      this.host.dispatchEvent(new LightboxMoveEvent(photo));
      announce(`${photo.title}, ${this.#place()}`);
    }
    if (this.#at >= this.host.photos.length - NEAR_THE_END) this.host.dispatchEvent(new LightboxEndEvent());
  }

  #place(): string {
    return msg(str`${this.#at + 1} de ${Math.max(this.host.total, this.host.photos.length)}`);
  }

  /** The host wants another photo. */
  goTo(id: string): void {
    const at = this.host.photos.findIndex((photo) => photo.id === id);
    if (at !== -1) this.go(at);
  }

  /** Show the photo at that place of the list, or the one at its end; without a stage yet, that one is what it begins with. */
  go(at: number): void {
    const to = Math.max(0, Math.min(at, this.host.photos.length - 1));
    const photo = this.host.photos[to];
    if (!photo || to === this.#at) return;
    if (this.stage) this.stage.goTo(to);
    else this.#moved(photo);
  }

  /** The list changed under the stage; where the shown photo is gone, the one that took its place is shown. */
  async follow(): Promise<void> {
    if (!this.host.shown) {
      const heir = this.host.photos[Math.min(this.#at, this.host.photos.length - 1)];
      if (heir) this.#moved(heir);
    }
    const old = this.stage;
    if (old?.take(this.host.photos)) return;
    // Also where the first stage is still on its way: it would show what is no longer in the list.
    this.stage = undefined;
    await this.#play(true);
    old?.destroy();
  }

  /** What the frame shows and how the dialog is called. */
  dress(): void {
    const { host } = this;
    Object.assign(this.frame, {
      client: host.api,
      photo: host.shown,
      taxonomy: this.#taxonomy,
      at: host.photos.findIndex(({ id }) => id === host.open),
      total: Math.max(host.total, host.photos.length),
      readonly: host.readonly,
      noDelete: host.noDelete,
    });
    this.#dialog.setAttribute('aria-label', host.shown ? `${host.shown.title}, ${this.#place()}` : msg('Foto'));
  }

  async #renew(photo: MediaDocument): Promise<void> {
    if (this.#renewed.has(photo.id)) return;
    this.#renewed.add(photo.id);
    const fresh = await getDocument(this.host.api, photo.id).catch(() => null);
    if (fresh) this.stage?.reload(fresh);
  }

  #tellChanged(reason: PhotoChangeEvent['reason'], photos: readonly MediaDocument[]): void {
    const newer = new Map(photos.map((photo) => [photo.id, photo]));
    this.host.photos = this.host.photos.map((photo) => newer.get(photo.id) ?? photo);
    this.host.dispatchEvent(new PhotoChangeEvent(reason, photos));
  }

  /** Do what a button or a key says. */
  act(act: FrameEvent['act']): void {
    const { stage } = this;
    const { shown } = this.host;
    switch (act) {
      case 'close':
        return stage ? stage.close() : this.end();
      case 'previous':
        return this.go(this.#at - 1);
      case 'next':
        return this.go(this.#at + 1);
      case 'larger':
        return stage?.zoom(1.5);
      case 'smaller':
        return stage?.zoom(1 / 1.5);
      case 'panel':
        return stage?.fit();
      case 'trash':
        return shown && this.#trash(shown);
      case 'compare':
        return shown && void openCompare(this.host, shown);
      case 'pair':
        return shown && openPairPicker(this.host, shown, (photos) => this.#tellChanged('paired', photos));
    }
  }

  #trash(photo: MediaDocument): void {
    if (this.host.readonly || this.host.noDelete || !this.host.dispatchEvent(new PhotoTrashEvent(photo))) return;
    const before = this.host.photos;
    void trashWithUndo(this.host.api, [photo], {
      takeOut: () => (this.host.photos = this.host.photos.filter(({ id }) => id !== photo.id)),
      putBack: () => (this.host.photos = before),
    });
  }

  /** One step back: out of the panel first, then out of the lightbox. */
  leave(): void {
    if (this.frame.panel !== 'none') {
      this.frame.show('none');
      this.#dialog.focus();
    } else this.act('close');
  }

  /** Close at once, without a word from the stage. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#turn += 1;
    layerClosed(this.#dialog);
    this.stage?.destroy();
    this.#dialog.close();
    this.#dialog.remove();
    this.#restore();
    this.ended();
  }
}
