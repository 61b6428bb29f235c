/** A React 19 page of another origin that mounts the gallery with a bearer token. */
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { configure } from '../../src/index.js';
import { PhotoGallery } from '../../src/react/index.js';

const asked = new URLSearchParams(location.search);
configure({ apiBase: asked.get('base') ?? '', getToken: () => Promise.resolve(asked.get('token')) });

function Page() {
  const [opened, setOpened] = useState('');
  return (
    <main>
      <h1>React</h1>
      <output>{opened}</output>
      <PhotoGallery
        patientId={asked.get('patient-id') ?? ''}
        urlParam=""
        onPhotoOpen={(event) => {
          event.preventDefault();
          setOpened(`React: ${event.photo.title}`);
        }}
      />
    </main>
  );
}

createRoot(document.querySelector('#root') ?? document.body).render(<Page />);
