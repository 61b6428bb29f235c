import { html, nothing, type TemplateResult } from 'lit';
import { Camera, FolderOpen, ImagePlus } from 'lucide';
import { icon } from '../../base/icons.js';
import { msg } from '../../i18n/index.js';
import { ACCEPT } from '../../state/staged.js';
import type { UploadDialog } from './upload-dialog.js';

/** Choose files, take a photo, or drop and paste them: large while nothing is chosen. */
export function pickers(upload: UploadDialog, large: boolean): TemplateResult {
  const picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    upload.add([...(input.files ?? [])]);
    input.value = ''; // so that the same file can be picked again
  };
  return html`
    <div class="pickers ${large ? 'large' : ''}">
      ${large ? html`${icon(ImagePlus)}<p class="hint">${msg('Arrastra aquí fotos o radiografías, o pégalas')}</p>` : nothing}
      <span class="buttons">
        <label class="button ${large ? 'primary' : ''}">
          ${icon(FolderOpen)}${large ? msg('Elegir fotos') : msg('Añadir más')}
          <input class="sr-only" type="file" multiple accept=${ACCEPT} @change=${picked} />
        </label>
        <label class="button camera">
          ${icon(Camera)}${msg('Hacer una foto')}
          <input class="sr-only" type="file" accept="image/*" capture="environment" @change=${picked} />
        </label>
      </span>
      ${large ? html`<p class="formats">${msg('JPEG, PNG, WebP, GIF, TIFF, HEIC o DICOM, hasta 100 MB cada una')}</p>` : nothing}
    </div>
  `;
}
