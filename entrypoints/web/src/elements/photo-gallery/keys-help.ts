import { html, type TemplateResult } from 'lit';
import { msg } from '../../i18n/index.js';

/** The list behind `?`. */
export function keysHelp(): TemplateResult {
  const rows: [string[], string][] = [
    [['←', '→', '↑', '↓'], msg('Moverse por las fotos')],
    [[msg('Inicio'), msg('Fin')], msg('Primera y última')],
    [[msg('Intro')], msg('Abrir')],
    [[msg('Espacio')], msg('Seleccionar')],
    [[msg('Mayús'), '← ↑ → ↓'], msg('Ampliar la selección')],
    [['Ctrl', 'A'], msg('Seleccionar todas')],
    [[msg('Supr')], msg('Mover a la papelera')],
    [['Ctrl', 'Z'], msg('Deshacer')],
    [['Esc'], msg('Dejar de seleccionar')],
  ];
  return html`
    <dl class="keys">
      ${rows.map(([keys, does]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${does}</dd>`)}
    </dl>
  `;
}
