import { html, nothing, type TemplateResult } from 'lit';
import { ImagePlus } from 'lucide';
import { icon } from '../../base/icons.js';
import { explain } from '../../api/problem.js';
import { handled } from '../../controllers/hotkeys.js';
import { msg, plural, str } from '../../i18n/index.js';
import { readiness, type NoteDraft } from '../../state/note-draft.js';
import { describedBy, field } from '../../ui/field.js';
import type { Composer } from './composer.js';

export function textarea(composer: Composer, draft: NoteDraft): TemplateResult {
  const fault = composer.faults.text;
  const control = html`
    <textarea
      id="text"
      part="text"
      rows="3"
      maxlength="20000"
      placeholder=${msg('Escribe aquí…')}
      .value=${draft.content.text}
      ?readonly=${composer.step === 'saving'}
      aria-invalid=${fault ? 'true' : 'false'}
      aria-describedby=${describedBy('text', { fault })}
      @input=${(event: Event) => draft.write({ text: (event.target as HTMLTextAreaElement).value })}
      @keydown=${(event: KeyboardEvent) => void handled(event, { 'Mod+Enter': () => composer.ask() })}
    ></textarea>
  `;
  return field({ id: 'text', label: composer.label || msg('Nota'), control, fault });
}

/** Which tooth a diagnosis is of. */
export function tooth(composer: Composer, draft: NoteDraft): TemplateResult {
  const fault = composer.faults.tooth;
  const control = html`
    <input
      id="tooth"
      inputmode="numeric"
      autocomplete="off"
      maxlength="2"
      .value=${draft.content.tooth}
      aria-invalid=${fault ? 'true' : 'false'}
      aria-describedby=${describedBy('tooth', { fault })}
      @input=${(event: Event) => draft.write({ tooth: (event.target as HTMLInputElement).value.trim() })}
    />
  `;
  return html`<div class="tooth">${field({ id: 'tooth', label: msg('Diente (opcional)'), control, fault })}</div>`;
}

export function unsaved(problem: unknown): TemplateResult {
  return html`
    <p class="notice danger" role="alert">
      ${msg('La nota no se ha guardado; el texto y los adjuntos siguen aquí.')} ${explain(problem)}
    </p>
  `;
}

export function foot(composer: Composer, draft: NoteDraft): TemplateResult {
  return html`
    <div class="foot">
      ${composer.patientId ? picker(composer) : nothing}
      <span class="space"></span>
      <button class="button quiet" type="button" ?disabled=${composer.step === 'saving'} @click=${() => composer.cancel()}>
        ${msg('Cancelar')}
      </button>
      <button class="button primary" type="submit" aria-disabled=${composer.step !== 'writing'}>${saveLabel(composer, draft)}</button>
    </div>
  `;
}

function picker(composer: Composer): TemplateResult {
  const picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    composer.attach([...(input.files ?? [])]);
    input.value = ''; // so that the same file can be picked again
  };
  const ask = (event: Event): void => (event.currentTarget as HTMLElement).parentElement?.querySelector('input')?.click();
  return html`
    <button class="button quiet attach" type="button" ?disabled=${!composer.attaches} @click=${ask}>${icon(ImagePlus)}${msg('Adjuntar foto')}</button>
    <input type="file" multiple hidden aria-label=${msg('Adjuntar foto')} @change=${picked} />
  `;
}

export function waiting(draft: NoteDraft): string {
  const now = readiness(draft.rows);
  const pending = now.state === 'uploading' ? now.pending : 0;
  return plural(pending, msg('Guardando al terminar 1 subida'), msg(str`Guardando al terminar ${pending} subidas`));
}

function saveLabel({ step }: Composer, draft: NoteDraft): string {
  if (step === 'awaiting') return waiting(draft);
  if (step === 'saving') return msg('Guardando…');
  const now = readiness(draft.rows);
  if (now.state !== 'failed') return msg('Guardar');
  const { names } = now;
  return plural(names.length, msg(str`Guardar sin ${names[0] ?? ''}`), msg(str`Guardar sin ${names.length} archivos`));
}
