import { html, type TemplateResult } from 'lit';
import { Monitor, Moon, Sun } from 'lucide';
import { icon } from '../src/base/icons.js';
import { language, LANGUAGES, msg } from '../src/i18n/index.js';
import { theme, THEMES, useLang, useTheme, type Theme } from './preferences.js';

const ICONS = { auto: Monitor, light: Sun, dark: Moon };
const NAMES = { es: 'Español', en: 'English' };

function themeName(theme: Theme): string {
  return { auto: msg('Como el sistema'), light: msg('Claro'), dark: msg('Oscuro') }[theme];
}

/** Language and theme; `changed` draws the row again. */
export function settingsRow(changed: () => void): TemplateResult {
  return html`
    <div class="settings">
      <div class="segments" role="group" aria-label=${msg('Idioma')}>
        ${LANGUAGES.map(
          (one) => html`
            <button type="button" lang=${one} aria-label=${NAMES[one]} aria-pressed=${language() === one} @click=${() => useLang(one)}>
              ${one.toUpperCase()}
            </button>
          `,
        )}
      </div>
      <div class="segments" role="group" aria-label=${msg('Aspecto')}>
        ${THEMES.map(
          (one) => html`
            <button
              type="button"
              aria-label=${themeName(one)}
              aria-pressed=${theme() === one}
              @click=${() => {
                useTheme(one);
                changed();
              }}
            >
              ${icon(ICONS[one])}
            </button>
          `,
        )}
      </div>
    </div>
  `;
}
