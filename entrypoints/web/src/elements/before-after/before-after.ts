import { css, html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { MediaElement } from '../../base/index.js';
import type { Pair } from '../../api/types.js';
import { Later } from '../../controllers/later.js';

/**
 * Two photos compared: one over the other with a slider between them, or side by side. Zoom and pan move both.
 *
 * Keys: ← → on the slider, + − 0 zoom, Shift with arrows moves, s changes between slider and side by side.
 *
 * @csspart stage
 * @csspart label
 * @csspart tools
 */
export class BeforeAfter extends MediaElement {
  static readonly tag = 'before-after';

  /** Ids of the two documents. */
  @property({ attribute: 'before' }) beforeId = '';
  @property({ attribute: 'after' }) afterId = '';
  /** The two documents themselves, where the host has them. */
  @property({ attribute: false }) pair?: Pair;
  @property() mode: 'slider' | 'side' = 'slider';
  /** Where the slider stands at first, 0 to 100. */
  @property({ type: Number }) split = 50;

  readonly #part = new Later(this, () => import('./comparison.js'));

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#part.begin();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#part.value) return nothing;
    return html`
      <cm-comparison
        exportparts="stage, label, tools"
        .client=${this.api}
        .beforeId=${this.beforeId}
        .afterId=${this.afterId}
        .pair=${this.pair}
        .mode=${this.mode}
        .split=${this.split}
      ></cm-comparison>
    `;
  }

  static override styles: CSSResultGroup = css`
    :host {
      display: block;
      min-block-size: 18rem;
      block-size: 100%;
      background: var(--cm-stage);
    }
  `;
}
