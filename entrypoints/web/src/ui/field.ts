import { html, nothing, type TemplateResult } from 'lit';

export interface FieldOptions {
  id: string;
  label: string;
  /** The control; give it `id` as its id and `describedBy(id, …)` as aria-describedby. */
  control: TemplateResult;
  hint?: string | undefined;
  fault?: string | undefined;
}

/** A labelled control with a hint and what is wrong with it. Needs the `fields` styles. */
export function field({ id, label, control, hint, fault }: FieldOptions): TemplateResult {
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${control}
      ${hint ? html`<span class="hint" id="${id}-hint">${hint}</span>` : nothing}
      ${fault ? html`<span class="fault" id="${id}-fault">${fault}</span>` : nothing}
    </div>
  `;
}

export function describedBy(id: string, has: { hint?: unknown; fault?: unknown }): string | typeof nothing {
  const ids = [has.hint ? `${id}-hint` : '', has.fault ? `${id}-fault` : ''].filter(Boolean);
  return ids.length ? ids.join(' ') : nothing;
}
