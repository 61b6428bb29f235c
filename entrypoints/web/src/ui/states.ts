import { html, nothing, type TemplateResult } from 'lit';
import { CircleAlert, WifiOff, type IconNode } from 'lucide';
import { icon } from '../base/icons.js';
import { explain, Problem } from '../api/problem.js';
import { msg } from '../i18n/index.js';

export interface StateOptions {
  icon: IconNode;
  title: string;
  text?: string | undefined;
  /** Buttons. */
  actions?: TemplateResult | typeof nothing;
  small?: boolean;
}

/** Nothing here, and what to do next. Needs the `states` styles. */
export function emptyState({ icon: picture, title, text, actions, small }: StateOptions): TemplateResult {
  return html`
    <div class="state ${small ? 'small' : ''}" part="state">
      ${small ? nothing : icon(picture)}
      <p class="title">${title}</p>
      ${text ? html`<p class="text">${text}</p>` : nothing}
      ${actions ? html`<div class="actions">${actions}</div>` : nothing}
    </div>
  `;
}

/** What happened, what is safe, and the way on. */
export function errorState(error: unknown, retry: () => void, options: { safe?: string; small?: boolean } = {}): TemplateResult {
  const offline = error instanceof Problem && error.offline;
  return html`
    <div class="state ${options.small ? 'small' : ''}" part="state" role="alert">
      ${options.small ? nothing : icon(offline ? WifiOff : CircleAlert)}
      <p class="title">${explain(error)}</p>
      ${options.safe ? html`<p class="text">${options.safe}</p>` : nothing}
      <div class="actions"><button class="button" type="button" @click=${retry}>${msg('Reintentar')}</button></div>
    </div>
  `;
}

export function slowNotice(): TemplateResult {
  return html`<p class="notice" role="status">${msg('Tarda más de lo normal. Seguimos intentándolo.')}</p>`;
}
