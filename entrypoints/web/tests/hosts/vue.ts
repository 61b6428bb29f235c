/** A Vue 3 page of another origin that mounts the gallery with a bearer token. */
import { createApp, defineComponent, h, ref } from 'vue';
import { configure, type PhotoOpenEvent } from '../../src/index.js';

const asked = new URLSearchParams(location.search);
configure({ apiBase: asked.get('base') ?? '', token: asked.get('token') ?? '' });

const Page = defineComponent(() => {
  const opened = ref('');
  const open = (event: PhotoOpenEvent): void => {
    event.preventDefault();
    opened.value = `Vue: ${event.photo.title}`;
  };
  return () =>
    h('main', [
      h('h1', 'Vue'),
      h('output', opened.value),
      h('photo-gallery', { 'patient-id': asked.get('patient-id'), 'url-param': '', onPhotoOpen: open }),
    ]);
});

createApp(Page).mount('#root');
