/**
 * How an element is made here:
 *
 * - `src/elements/<name>/<name>.ts` holds the class (`extends MediaElement`, `static readonly tag`), `styles.ts` its
 *   CSS, `define.ts` registers it and tells TypeScript its tag, `events.ts` its typed events, `<name>.test.ts` its tests.
 *   Its line in `src/index.ts` and `src/react/index.ts` makes it public; `src/i18n/en/<name>.ts` has its English.
 * - `this.api` is the client; children get it by `.client=${this.api}`. Requests are functions in `src/api/`.
 * - Words: `msg('…')` in Spanish; `plural(n, msg('1 foto'), msg(str`${n} fotos`))`.
 * - Events are subclasses of Event with `bubbles` and `composed`, declared in HTMLElementEventMap.
 * - No `style` attribute in a template (a strict CSP blocks it): bind a class, or set `element.style` in `updated()`.
 * - A child of ours that the host may have renamed: `nameOf(Class)` with lit/static-html.
 */
export { define, nameOf, type ElementClass } from './define.js';
export { MediaElement } from './element.js';
export { icon } from './icons.js';
export { buttons, fields, reset, states } from './styles.js';
