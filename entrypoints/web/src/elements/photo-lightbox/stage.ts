import type PhotoSwipe from 'photoswipe';
import type { SlideData } from 'photoswipe';
import type { Api } from '../../api/client.js';
import type { MediaDocument } from '../../api/types.js';

/** Browsers draw these; the original of anything else is looked at through its medium. */
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif']);
const MEDIUM_PX = 1024;
const SHARP = 1.1;

type Content = NonNullable<PhotoSwipe['currSlide']>['content'];

interface PhotoSlide extends SlideData {
  photo: MediaDocument;
  sharp?: boolean;
}

export interface Beginning {
  photos: readonly MediaDocument[];
  at: number;
}

export interface StageHooks {
  /** What to show, asked once everything has been loaded; null when it is no longer wanted. */
  begin: () => Beginning | null;
  moved: (photo: MediaDocument) => void;
  closed: () => void;
  /** A touch beside the picture. */
  tapped: () => void;
  /** The medium did not load: its signed url may have run out. */
  lost: (photo: MediaDocument) => void;
  /** Room that bars and panels take, in pixels. */
  padding: () => { top: number; bottom: number; left: number; right: number };
  thumbOf: (id: string) => HTMLElement | null;
}

export function slideOf(api: Api, photo: MediaDocument): PhotoSlide {
  if (!photo.medium_url) return { photo, html: '', alt: photo.title };
  const { width, height } = photo;
  const size = width && height ? { width, height } : { width: MEDIUM_PX, height: MEDIUM_PX };
  return { photo, src: api.link(photo.medium_url), msrc: api.link(photo.thumb_url), alt: photo.title, thumbCropped: true, ...size };
}

/** PhotoSwipe in a dialog of ours: it moves and zooms, everything else on the screen is the frame's. */
export class Stage {
  readonly #swipe: PhotoSwipe;
  #gone = false;
  #slides: PhotoSlide[];

  private constructor(
    swipe: PhotoSwipe,
    slides: PhotoSlide[],
    private readonly api: Api,
    private readonly hooks: StageHooks,
  ) {
    this.#swipe = swipe;
    this.#slides = slides;
  }

  static async open(dialog: HTMLElement, api: Api, hooks: StageHooks, still = false): Promise<Stage | null> {
    const { default: PhotoSwipe } = await import('photoswipe');
    const beginning = hooks.begin();
    if (!beginning) return null;
    const { photos, at } = beginning;
    const slides = photos.map((photo) => slideOf(api, photo));
    const calm = still || matchMedia('(prefers-reduced-motion: reduce)').matches;
    const thumb = hooks.thumbOf(photos[at]?.id ?? '');
    const swipe = new PhotoSwipe({
      dataSource: slides,
      index: at,
      appendToEl: dialog,
      loop: false,
      bgOpacity: 1,
      preload: [1, 2],
      wheelToZoom: true,
      showHideAnimationType: calm ? 'none' : thumb ? 'zoom' : 'fade',
      zoomAnimationDuration: calm ? 0 : 220,
      escKey: false,
      arrowKeys: false,
      trapFocus: false,
      returnFocus: false,
      close: false,
      zoom: false,
      counter: false,
      arrowPrev: false,
      arrowNext: false,
      imageClickAction: 'zoom',
      tapAction: () => hooks.tapped(),
      bgClickAction: 'close',
      secondaryZoomLevel: ({ fit }) => Math.max(1, fit * 2),
      maxZoomLevel: ({ fit }) => Math.max(2, fit * 6),
      paddingFn: () => hooks.padding(),
    });
    const stage = new Stage(swipe, slides, api, hooks);
    stage.#listen();
    swipe.init();
    // The dialog around it is the dialog.
    for (const name of ['role', 'tabindex']) swipe.element?.removeAttribute(name);
    return stage;
  }

  #listen(): void {
    const { hooks } = this;
    const swipe = this.#swipe;
    // Its own keys would also work in our fields and over our dialogs: arrows, z, Tab.
    swipe.on('keydown', (event) => event.preventDefault());
    swipe.addFilter('thumbEl', (found, data) => hooks.thumbOf((data as PhotoSlide).photo.id) ?? (found as HTMLElement));
    swipe.on('change', () => {
      const photo = this.#current?.photo;
      if (photo) hooks.moved(photo);
    });
    swipe.on('destroy', () => {
      this.#gone = true;
      hooks.closed();
    });
    swipe.on('loadComplete', ({ content }) => this.#measure(content));
    swipe.on('loadError', ({ content }) => hooks.lost((content.data as PhotoSlide).photo));
    swipe.on('zoomPanUpdate', () => this.#sharpen());
    swipe.on('contentActivate', () => this.#sharpen());
  }

  get #current(): PhotoSlide | undefined {
    return this.#slides[this.#swipe.currIndex];
  }

  /** A picture whose size the service does not know: take that of its medium. */
  #measure(content: Content): void {
    const data = content.data as PhotoSlide;
    const image = content.element;
    if (data.photo.width || !(image instanceof HTMLImageElement) || data.width === image.naturalWidth) return;
    data.width = image.naturalWidth;
    data.height = image.naturalHeight;
    this.#swipe.refreshSlideContent(content.index);
  }

  /** Enlarged beyond the medium: put the original in its place, if this picture is still the one on the stage. */
  #sharpen(): void {
    const slide = this.#swipe.currSlide;
    const data = slide?.data as PhotoSlide | undefined;
    const element = slide?.content.element;
    if (!slide || !data?.width || data.sharp || !DRAWN.has(data.photo.mime_type)) return;
    const shown = slide.currZoomLevel * Math.max(data.width, data.height ?? 0);
    if (shown * devicePixelRatio <= MEDIUM_PX * SHARP || slide.currZoomLevel <= slide.zoomLevels.fit * 1.01) return;
    data.sharp = true;
    const full = new Image();
    full.src = this.api.link(data.photo.full_url);
    full.decode().then(
      () => {
        if (element instanceof HTMLImageElement && slide.content.element === element) element.src = full.src;
      },
      () => (data.sharp = false),
    );
  }

  goTo(at: number): void {
    this.#swipe.goTo(at);
  }

  /** Larger or smaller by a factor, or with 0 back to the whole picture. */
  zoom(factor: number): void {
    const slide = this.#swipe.currSlide;
    if (!slide) return;
    const { fit, max } = slide.zoomLevels;
    const level = factor === 0 ? fit : Math.max(fit, Math.min(max, slide.currZoomLevel * factor));
    slide.zoomTo(level, { x: this.#swipe.viewportSize.x / 2, y: this.#swipe.viewportSize.y / 2 }, 160);
  }

  /** Move an enlarged picture by parts of the window. */
  pan(dx: number, dy: number): void {
    const slide = this.#swipe.currSlide;
    const { x, y } = this.#swipe.viewportSize;
    slide?.panTo(slide.pan.x + dx * x, slide.pan.y + dy * y);
  }

  /**
   * Show another list of photos. False where that changes what is next to the current one: then a new stage is needed.
   */
  take(photos: readonly MediaDocument[]): boolean {
    const at = this.#swipe.currIndex;
    const around = [at - 1, at, at + 1];
    if (around.some((index) => this.#slides[index] && this.#slides[index]?.photo.id !== photos[index]?.id)) return false;
    const grown = this.#slides[at + 1] === undefined && photos[at + 1] !== undefined;
    photos.forEach((photo, index) => {
      const slide = this.#slides[index];
      if (slide === undefined) this.#slides.push(slideOf(this.api, photo));
      else if (slide.photo.id === photo.id) slide.photo = photo;
      else this.#slides[index] = slideOf(this.api, photo);
    });
    this.#slides.length = photos.length;
    if (grown) this.#swipe.refreshSlideContent(at + 1);
    return true;
  }

  /** Load a photo's picture again, from new urls. */
  reload(photo: MediaDocument): void {
    const at = this.#slides.findIndex((slide) => slide.photo.id === photo.id);
    if (at === -1) return;
    this.#slides[at] = slideOf(this.api, photo);
    this.#swipe.refreshSlideContent(at);
  }

  /** The room for the picture is another one. */
  fit(): void {
    this.#swipe.updateSize(true);
  }

  close(): void {
    this.#swipe.close();
  }

  destroy(): void {
    if (!this.#gone) this.#swipe.destroy();
  }
}
