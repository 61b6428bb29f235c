import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { msg } from '../../i18n/index.js';
import { EVERYTHING, type Filter } from '../../state/filter.js';
import { field } from '../../ui/field.js';

interface Panel {
  filter: Filter;
  /** Tags of the photos that are loaded. */
  tags: readonly string[];
  refine: (change: Partial<Filter>) => void;
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** Capture date, pairs and tags. */
export function filterPanel({ filter, tags, refine }: Panel): TemplateResult {
  const date = (id: 'from' | 'to', label: string): TemplateResult =>
    field({
      id,
      label,
      control: html`<input id=${id} type="date" .value=${live(filter[id])} @change=${(event: Event) => refine({ [id]: valueOf(event) })} />`,
    });
  const add = (event: Event): void => {
    const tag = valueOf(event).trim();
    if (tag && !filter.tags.includes(tag)) refine({ tags: [...filter.tags, tag] });
    (event.target as HTMLInputElement).value = '';
  };
  return html`
    <div class="panel" id="filters" part="filters">
      ${date('from', msg('Desde'))}${date('to', msg('Hasta'))}
      ${field({
        id: 'paired',
        label: msg('Antes y después'),
        control: html`
          <select id="paired" .value=${live(filter.paired)} @change=${(event: Event) => refine({ paired: valueOf(event) as Filter['paired'] })}>
            <option value="">${msg('Todas')}</option>
            <option value="paired">${msg('Con pareja')}</option>
            <option value="unpaired">${msg('Sin pareja')}</option>
          </select>
        `,
      })}
      ${field({
        id: 'tag',
        label: msg('Etiqueta'),
        control: html`
          <input id="tag" list="known" autocomplete="off" placeholder=${msg('Añadir etiqueta')} @change=${add} />
          <datalist id="known">${tags.map((tag) => html`<option value=${tag}></option>`)}</datalist>
        `,
      })}
      <button
        class="button quiet"
        type="button"
        @click=${() => refine({ from: EVERYTHING.from, to: EVERYTHING.to, tags: EVERYTHING.tags, paired: EVERYTHING.paired })}
      >
        ${msg('Quitar filtros')}
      </button>
    </div>
  `;
}
