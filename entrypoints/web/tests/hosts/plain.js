/** Mounts what the address says: `?element=photo-gallery&patient-id=p1&lang=en`; every other parameter is an attribute. */
import { configure } from '/elements/index.js';

const asked = new URLSearchParams(location.search);
const { element, token, lang, base, ...attributes } = Object.fromEntries(asked);

configure({ apiBase: base ?? '/api/v1', token: token ?? sessionStorage.getItem('token') ?? undefined });
document.documentElement.lang = lang ?? 'es';
const mounted = document.createElement(element ?? 'photo-gallery');
for (const [name, value] of Object.entries(attributes)) mounted.setAttribute(name, value);
document.querySelector('main').append(mounted);
