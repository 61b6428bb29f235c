import { html, nothing, type TemplateResult } from 'lit';
import { FileArchive, Shapes, Tag, Trash, X } from 'lucide';
import { icon } from '../../base/icons.js';
import { msg, plural, str } from '../../i18n/index.js';
import { count } from '../../ui/format.js';

interface Bar {
  chosen: number;
  loaded: number;
  total: number;
  /** Everything that matches is chosen, or is being gathered. */
  gathering: boolean;
  canChange: boolean;
  canTrash: boolean;
  chooseAll: () => void;
  tag: () => void;
  classify: () => void;
  zip: () => void;
  trash: () => void;
  leave: () => void;
}

/** The floating bar while something is chosen. */
export function selectionBar(bar: Bar): TemplateResult {
  const text = plural(bar.chosen, msg('1 seleccionada'), msg(str`${count(bar.chosen)} seleccionadas`));
  const act = (label: string, picture: Parameters<typeof icon>[0], run: () => void, danger = ''): TemplateResult => html`
    <button class="button quiet ${danger}" type="button" aria-label=${label} @click=${run}>
      ${icon(picture)}<span class="word">${label}</span>
    </button>
  `;
  return html`
    <div class="bar" part="selection-bar" role="region" aria-label=${msg('Selección')}>
      <button class="button quiet square" type="button" aria-label=${msg('Dejar de seleccionar')} @click=${bar.leave}>
        ${icon(X)}
      </button>
      <span class="chosen">${text}</span>
      ${wider(bar)}
      <span class="acts">
        ${bar.canChange ? act(msg('Etiquetar'), Tag, bar.tag) : nothing}
        ${bar.canChange ? act(msg('Reclasificar'), Shapes, bar.classify) : nothing}
        ${act(msg('Descargar ZIP'), FileArchive, bar.zip)}
        ${bar.canTrash ? act(msg('Papelera'), Trash, bar.trash, 'danger') : nothing}
      </span>
    </div>
  `;
}

/** "40 cargadas · Seleccionar las 248" */
function wider({ chosen, loaded, total, gathering, chooseAll }: Bar): TemplateResult | typeof nothing {
  if (gathering) return html`<span class="wider">${msg('Reuniendo…')}</span>`;
  if (chosen >= total) return nothing;
  const all = chosen >= loaded ? msg(str`Seleccionar las ${count(total)}`) : msg('Seleccionar todas');
  return html`
    <span class="wider">
      ${chosen >= loaded ? html`<span class="word">${msg(str`${count(loaded)} cargadas`)} · </span>` : nothing}
      <button class="link" type="button" @click=${chooseAll}>${all}</button>
    </span>
  `;
}
