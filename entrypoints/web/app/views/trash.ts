import { consume } from '@lit/context';
import { css, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ArchiveRestore, Trash2 } from 'lucide';
import { define, icon, MediaElement } from '../../src/base/index.js';
import { restoreDocument } from '../../src/api/photos.js';
import type { Session } from '../../src/api/session.js';
import { listTrash, type TrashedFile } from '../../src/api/trash.js';
import { toast, toastProblem } from '../../src/elements/toast-stack/toasts.js';
import { msg, str } from '../../src/i18n/index.js';
import { fileIcon } from '../../src/ui/file-icon.js';
import { bytes } from '../../src/ui/format.js';
import { emptyState } from '../../src/ui/states.js';
import { patientNames, userNames } from '../people.js';
import { Listing } from '../question.js';
import { pathTo } from '../router.js';
import { may, sessionContext } from '../session.js';
import { page } from '../styles.js';
import { byDay, dayTitle, hour } from '../words.js';

/** Papelera: what was thrown away, by day, and the way back. */
export class TrashPage extends MediaElement {
  static readonly tag = 'trash-page';

  @consume({ context: sessionContext, subscribe: true }) session?: Session;
  @state() private names: ReadonlyMap<string, string> = new Map();
  @state() private people: ReadonlyMap<string, string> = new Map();

  readonly #list = new Listing<TrashedFile>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.start((cursor, signal) => listTrash(this.api, cursor, signal));
    void patientNames(this.api).then((names) => (this.names = names));
    void userNames(this.api, this.session).then((people) => (this.people = people));
  }

  async #restore(file: TrashedFile): Promise<void> {
    const before = this.#list.items ?? [];
    this.#list.show(before.filter(({ id }) => id !== file.id));
    try {
      await restoreDocument(this.api, file.id);
      const who = this.names.get(file.patient_id) ?? file.patient_id;
      toast({ kind: 'success', text: msg(str`«${file.title}» vuelve a la ficha de ${who}.`) });
    } catch (problem) {
      this.#list.show(before);
      toastProblem(msg(str`«${file.title}» sigue en la papelera.`), problem, () => void this.#restore(file));
    }
  }

  protected override render(): TemplateResult {
    const { items } = this.#list;
    return html`
      <div class="page">
        <div class="top"><h1>${msg('Papelera')}</h1></div>
        ${items && !this.#list.problem ? this.#days(items) : this.#list.instead(bones())}
      </div>
    `;
  }

  #days(files: readonly TrashedFile[]): TemplateResult {
    if (files.length === 0) {
      return emptyState({
        icon: Trash2,
        title: msg('La papelera está vacía'),
        text: msg('Las fotos y los documentos que se eliminan se guardan aquí y se pueden recuperar.'),
        actions: html`<a class="button" href="/patients">${msg('Ir a pacientes')}</a>`,
      });
    }
    return html`
      ${byDay(files, (file) => file.deleted_at).map(
        ({ items }) => html`
          <section class="day">
            <h2>${dayTitle(items[0]?.deleted_at ?? '')}</h2>
            <ul>
              ${repeat(items, ({ id }) => id, (file) => this.#row(file))}
            </ul>
          </section>
        `,
      )}
      ${this.#list.hasMore ? html`<button class="button more" type="button" @click=${this.#list.more}>${msg('Ver más')}</button>` : nothing}
    `;
  }

  #row(file: TrashedFile): TemplateResult {
    const infected = file.scan === 'infected' || file.scan === 'quarantined';
    const restores = !infected && may(this.session, 'media.documents.delete', file.patient_id);
    const patient = this.names.get(file.patient_id) ?? file.patient_id;
    return html`
      <li class="row">
        <span class="mark">${icon(fileIcon(file.file_type))}</span>
        <div class="what">
          <p class="title">${file.title || file.file_name}</p>
          <p class="quiet-text">
            <a href=${pathTo('patients', file.patient_id)}>${patient}</a> · ${file.file_name} · ${bytes(file.file_size)} ·
            ${this.#deleted(file)}
          </p>
          ${infected ? html`<span class="badge danger">${msg('Infectado: no se puede recuperar')}</span>` : nothing}
        </div>
        ${restores
          ? html`
              <button class="button" type="button" aria-label=${msg(str`Restaurar ${file.title || file.file_name}`)} @click=${() => void this.#restore(file)}>
                ${icon(ArchiveRestore)}<span class="word">${msg('Restaurar')}</span>
              </button>
            `
          : nothing}
      </li>
    `;
  }

  #deleted({ deleted_at: at, deleted_by: by }: TrashedFile): string {
    const who = by && (this.people.get(by) ?? by);
    return who ? msg(str`eliminado a las ${hour(at)} por ${who}`) : msg(str`eliminado a las ${hour(at)}`);
  }

  static override styles = [
    ...page,
    css`
      .day {
        display: grid;
        gap: var(--cm-space-3);
      }
      .day h2 {
        font: var(--cm-text-md);
        font-weight: 600;
      }
      .day ul {
        border: 1px solid var(--cm-border);
        border-radius: var(--cm-radius-3);
        background: var(--cm-surface);
      }
      .row {
        display: flex;
        align-items: center;
        gap: var(--cm-space-4);
        padding: var(--cm-space-3) var(--cm-space-4);
      }
      .row + .row {
        border-block-start: 1px solid var(--cm-border);
      }
      .mark {
        display: grid;
        flex: none;
        place-items: center;
        inline-size: 2.5rem;
        block-size: 2.5rem;
        border-radius: var(--cm-radius-1);
        background: var(--cm-sunken);
        color: var(--cm-text-2);
      }
      .what {
        flex: 1;
        min-inline-size: 0;
      }
      .title {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .quiet-text {
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        .row {
          gap: var(--cm-space-3);
        }
        .row .button {
          inline-size: var(--cm-size);
          padding: 0;
        }
        .row .word {
          display: none;
        }
      }
    `,
  ];
}

function bones(): TemplateResult {
  return html`<div class="bones" aria-hidden="true">${[1, 2, 3].map(() => html`<div class="bone skeleton"></div>`)}</div>`;
}

define(TrashPage);

declare global {
  interface HTMLElementTagNameMap {
    'trash-page': TrashPage;
  }
}
