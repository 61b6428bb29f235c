import { html, nothing, type TemplateResult } from 'lit';
import { CalendarRange, Search, SlidersHorizontal, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { termLabel } from '../../api/taxonomy.js';
import type { Taxonomy } from '../../api/types.js';
import type { Counts } from '../../controllers/category-counts.js';
import { msg, str } from '../../i18n/index.js';
import { restrictions, type Filter } from '../../state/filter.js';
import { count, day } from '../../ui/format.js';

interface Rail {
  taxonomy: Taxonomy | undefined;
  filter: Filter;
  counts: Counts;
  refine: (change: Partial<Filter>) => void;
}

/** Todas | Intraoral | Extraoral | … with how many there are of each. */
export function categoryRail({ taxonomy, filter, counts, refine }: Rail): TemplateResult {
  const one = (key: string, label: string): TemplateResult => html`
    <button type="button" aria-pressed=${filter.category === key} @click=${() => refine({ category: key })}>
      ${label}<span class="count">${counts.has(key) ? count(counts.get(key) ?? 0) : nothing}</span>
    </button>
  `;
  return html`
    <div class="rail" part="rail" role="group" aria-label=${msg('Categoría')}>
      ${one('', msg('Todas'))}${taxonomy?.categories.map((category) => one(category.key, termLabel(category)))}
    </div>
  `;
}

/** The subtypes of the chosen category; a second press on one lets go of it. */
export function subtypeChips({ taxonomy, filter, refine }: Rail): TemplateResult | typeof nothing {
  const category = taxonomy?.categories.find(({ key }) => key === filter.category);
  if (!category || category.subtypes.length === 0) return nothing;
  return html`
    <div class="chips" part="subtypes" role="group" aria-label=${msg(str`Tipo de ${termLabel(category)}`)}>
      ${category.subtypes.map(
        (term) => html`
          <button
            type="button"
            class="chip"
            aria-pressed=${filter.subtype === term.key}
            @click=${() => refine({ subtype: filter.subtype === term.key ? '' : term.key })}
          >
            ${termLabel(term)}
          </button>
        `,
      )}
    </div>
  `;
}

interface Search {
  filter: Filter;
  open: boolean;
  refine: (change: Partial<Filter>) => void;
  toggle: () => void;
}

export function searchRow({ filter, open, refine, toggle }: Search): TemplateResult {
  const active = restrictions(filter);
  return html`
    <div class="search">
      ${icon(Search)}
      <input
        type="search"
        aria-label=${msg('Buscar en las fotos')}
        placeholder=${msg('Buscar')}
        .value=${filter.text}
        @input=${(event: Event) => refine({ text: (event.target as HTMLInputElement).value })}
      />
    </div>
    <button class="button filters" type="button" aria-expanded=${open} aria-controls="filters" @click=${toggle}>
      ${icon(SlidersHorizontal)}<span class="word">${msg('Filtros')}</span>
      ${active ? html`<span class="bubble">${active}</span>` : nothing}
    </button>
  `;
}

/** What restricts the list at the moment, each with a way to let go of it. */
export function restrictionChips(filter: Filter, refine: (change: Partial<Filter>) => void): TemplateResult | typeof nothing {
  if (restrictions(filter) === 0) return nothing;
  const chip = (label: string, change: Partial<Filter>, picture = nothing as unknown): TemplateResult => html`
    <button class="chip" type="button" aria-label=${msg(str`Quitar el filtro ${label}`)} @click=${() => refine(change)}>
      ${picture}${label}${icon(X)}
    </button>
  `;
  const { from, to } = filter;
  const period = from && to ? `${day(from)} – ${day(to)}` : from ? msg(str`desde ${day(from)}`) : msg(str`hasta ${day(to)}`);
  return html`
    <div class="chips">
      ${from || to ? chip(period, { from: '', to: '' }, icon(CalendarRange)) : nothing}
      ${filter.paired
        ? chip(filter.paired === 'paired' ? msg('Con pareja') : msg('Sin pareja'), { paired: '' })
        : nothing}
      ${filter.tags.map((tag) => chip(tag, { tags: filter.tags.filter((one) => one !== tag) }))}
    </div>
  `;
}
