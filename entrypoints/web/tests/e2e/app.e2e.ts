import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Note, One, Page as Listed } from '../../src/api/types.js';
import type { TrashedFile } from '../../src/api/trash.js';
import { ask, newPatient, photosOf, upload } from './api.js';
import { openApp, settled } from './app.js';
import { launch, visit } from './browser.js';
import { drawn } from './pictures.js';

let browser: Browser;
let pictures: Buffer[];
let patient: string;

beforeAll(async () => {
  browser = await launch();
  pictures = await drawn(browser, 6);
});

afterAll(() => browser.close());

beforeEach(async () => {
  patient = await newPatient('Paz Prueba Pérez');
});

const jpeg = (name: string, at: number): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'image/jpeg',
  buffer: pictures[at] ?? Buffer.alloc(0),
});

const notesOf = async (type: string, id: string): Promise<Note[]> =>
  (await ask<Listed<Note>>(`clinical_notes/notes?owner_type=${type}&owner_id=${id}`)).data;

const trashOf = async (id: string): Promise<TrashedFile[]> => {
  const { days } = await ask<{ days: { files: TrashedFile[] }[] }>('files/trash');
  return days.flatMap(({ files }) => files).filter((file) => file.patient_id === id);
};

const composer = (page: Page): ReturnType<Page['locator']> => page.locator('note-composer');

test('someone signs in, finds a patient, goes through the tabs, and a reload and Back keep the place', async () => {
  const { page, context, faults } = await visit(browser, { baseURL: inject('serviceUrl') });
  await page.goto('/');
  await page.getByRole('button', { name: /Javier Molina Cano/ }).click();
  await page.getByRole('heading', { name: 'Pacientes' }).waitFor();
  await page.getByRole('searchbox', { name: /Buscar pacientes/ }).fill('lucia fern');
  await page.waitForURL('**/patients?q=lucia+fern');
  await page.getByRole('link', { name: /Lucía Fernández Gómez/ }).click();
  await page.getByRole('heading', { name: 'Lucía Fernández Gómez' }).waitFor();
  await page.getByRole('link', { name: 'Cronología' }).click();
  await page.getByText('Revisión de retenedores').first().waitFor();
  await page.getByRole('link', { name: 'Galería', exact: true }).click();
  await page.locator('photo-card').first().waitFor();
  await page.reload();
  await page.locator('photo-card').first().waitFor();
  expect(new URL(page.url()).pathname).toBe('/patients/p-101/gallery');
  await page.goBack();
  await page.getByText('Revisión de retenedores').first().waitFor();
  await page.goBack();
  await page.goBack();
  expect(await page.getByRole('searchbox', { name: /Buscar pacientes/ }).inputValue()).toBe('lucia fern');
  await page.getByRole('button', { name: 'Cerrar sesión' }).click();
  await page.getByText('¿Como quién quieres entrar?').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('beside the sidebar of a desktop the gallery still has six columns', async () => {
  const { page, context } = await openApp(browser, 'u-javier', '/patients/p-101/gallery');
  await page.locator('photo-card').nth(5).waitFor();
  const tops = await page.locator('photo-card').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top));
  expect(tops.filter((top) => top === tops[0])).toHaveLength(6);
  await context.close();
});

test('a photo is uploaded, seen, opened, described, paired and compared', async () => {
  await upload(patient, 'antes.jpg', new Uint8Array(pictures[0] ?? []), { title: 'Antes', captured_at: '2026-01-10T10:00:00Z' });
  const { page, context, faults } = await openApp(browser, 'u-javier', `/patients/${patient}/gallery`);
  await page.getByRole('button', { name: 'Subir fotos' }).click();
  await page.locator('photo-upload input[multiple]').setInputFiles([jpeg('despues.jpg', 1)]);
  await page.locator('photo-upload .all').getByLabel('Categoría').selectOption('intraoral');
  await page.getByRole('button', { name: 'Subir 1 foto' }).click();
  await page.getByRole('link', { name: /^despues/ }).click();
  await page.getByRole('dialog', { name: /^despues,/ }).waitFor();
  await page.keyboard.press('e');
  await page.getByLabel('Título').fill('Después de seis meses');
  await page.getByLabel('Tipo').selectOption('frontal');
  await page.getByRole('button', { name: 'Guardar' }).click();
  await page.getByRole('dialog', { name: /^Después de seis meses,/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: /^Después de seis meses/ }).click();
  await page.getByRole('dialog', { name: /^Después de seis meses,/ }).waitFor();
  await page.keyboard.press('p');
  await page.getByRole('radio', { name: /^Antes/ }).check({ force: true });
  await page.getByRole('button', { name: 'Emparejar', exact: true }).click();
  await page.getByRole('heading', { name: /^Pareja de/ }).waitFor({ state: 'hidden' }); // until then, keys are its own
  expect((await photosOf(patient)).filter((one) => one.paired_document_id)).toHaveLength(2);
  await page.keyboard.press('c');
  await page.getByRole('slider').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('an x-ray put on a visit shows in its panel, and the note moves the visit on the board', async () => {
  const visit = { patient_id: patient, title: `Extracción ${patient}`, occurred_at: new Date().toISOString() };
  for (const type of ['appointment', 'appointment_treatment']) {
    await ask(`directory/owners/${type}/${type}-${patient}`, { method: 'PUT', body: JSON.stringify(visit) });
  }
  const { page, context, faults } = await openApp(browser, 'u-javier', '/agenda');
  await page.getByRole('region', { name: /^Hoy/ }).getByRole('link', { name: new RegExp(visit.title) }).click();
  const panel = page.locator('visit-note-panel');
  await panel.getByRole('button', { name: 'Añadir' }).click();
  const chooser = page.waitForEvent('filechooser');
  await panel.getByRole('menuitem', { name: 'Radiografía' }).click();
  await (await chooser).setFiles([jpeg('periapical.jpg', 2)]);
  const shown = panel.getByRole('button', { name: /^periapical,/ });
  await shown.waitFor();
  expect(await shown.locator('img').evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(0);
  await panel.getByLabel('Nota de la visita').fill('Extracción sin incidencias.');
  await panel.getByRole('button', { name: 'Guardar' }).click();
  await panel.getByRole('listitem').getByText('Extracción sin incidencias.').waitFor();
  await page.goBack();
  await page.getByRole('region', { name: /^Con nota/ }).getByRole('link', { name: new RegExp(visit.title) }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

describe('a note', () => {
  const begin = async (): Promise<{ page: Page; close: () => Promise<void>; faults: string[] }> => {
    const { page, context, faults } = await openApp(browser, 'u-javier', `/patients/${patient}/admin`);
    await composer(page).getByLabel('Nota').waitFor();
    return { page, close: () => context.close(), faults };
  };
  const attach = (page: Page, ...at: number[]): Promise<void> =>
    composer(page).locator('input[type="file"]').setInputFiles(at.map((one) => jpeg(`foto${one}.jpg`, one)));

  test('takes along a photo that is seen before it is saved, and the photo is in the gallery too', async () => {
    const { page, close, faults } = await begin();
    await composer(page).getByLabel('Nota').fill('Trae una foto de casa.');
    await attach(page, 3);
    await composer(page).getByRole('img', { name: 'foto3', exact: true }).waitFor();
    expect(await notesOf('patient', patient)).toEqual([]);
    await composer(page).getByRole('button', { name: 'Guardar' }).click();
    await page.locator('note-list').getByText('Trae una foto de casa.').waitFor();
    await page.locator('note-list').getByRole('button', { name: 'Abrir foto3' }).waitFor();
    expect(await composer(page).getByLabel('Nota').inputValue()).toBe('');
    const [note] = await notesOf('patient', patient);
    const [photo] = await photosOf(patient);
    expect(note?.attachments.map((one) => one.document_id)).toEqual([photo?.id]);
    expect(photo).toMatchObject({ media_kind: 'photo', media_category: 'clinical', media_subtype: 'reference' });
    expect(faults).toEqual([]);
    await close();
  });

  test('waits for an upload that is under way', async () => {
    const { page, close } = await begin();
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route('**/photos', async (route) => {
      await held;
      await route.continue();
    });
    await composer(page).getByLabel('Nota').fill('Con calma.');
    await attach(page, 3);
    await composer(page).getByRole('button', { name: 'Guardar' }).click();
    await composer(page).getByText('Guardando al terminar 1 subida').waitFor();
    release();
    await page.locator('note-list').getByText('Con calma.').waitFor();
    expect((await notesOf('patient', patient))[0]?.attachments).toHaveLength(1);
    await close();
  });

  test('goes without a file that the service refuses', async () => {
    const { page, close } = await begin();
    await composer(page).getByLabel('Nota').fill('Sin la foto rota.');
    const broken = { name: 'rota.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no soy una foto') };
    await composer(page).locator('input[type="file"]').setInputFiles([broken]);
    await composer(page).getByRole('button', { name: 'Guardar sin rota.jpg' }).click();
    await page.locator('note-list').getByText('Sin la foto rota.').waitFor();
    await close();
  });

  test('that cannot be saved keeps its text and its photo, also over a reload, and is saved once', async () => {
    const { page, close } = await begin();
    await page.route('**/clinical_notes/notes', (route) => (route.request().method() === 'POST' ? route.abort('connectionreset') : route.continue()));
    await composer(page).getByLabel('Nota').fill('No se pierde.');
    await attach(page, 3);
    await composer(page).getByRole('img', { name: 'foto3', exact: true }).waitFor();
    await composer(page).getByRole('button', { name: 'Guardar' }).click();
    await composer(page).getByText('La nota no se ha guardado').waitFor();
    expect(await composer(page).getByLabel('Nota').inputValue()).toBe('No se pierde.');
    await page.unroute('**/clinical_notes/notes');
    await page.reload();
    await composer(page).getByRole('img', { name: 'foto3', exact: true }).waitFor();
    expect(await composer(page).getByLabel('Nota').inputValue()).toBe('No se pierde.');
    await composer(page).getByRole('button', { name: 'Guardar' }).click();
    await page.locator('note-list').getByText('No se pierde.').waitFor();
    expect(await notesOf('patient', patient)).toHaveLength(1);
    await close();
  });

  test('that is not wanted after all puts what it uploaded into the trash, and undo brings it back', async () => {
    const { page, close } = await begin();
    await composer(page).getByLabel('Nota').fill('Mejor no.');
    await attach(page, 3);
    await composer(page).getByRole('img', { name: 'foto3', exact: true }).waitFor();
    await composer(page).getByRole('button', { name: 'Cancelar' }).click();
    await expect.poll(async () => (await trashOf(patient)).map(({ title }) => title)).toEqual(['foto3']);
    expect(await composer(page).getByLabel('Nota').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Deshacer' }).click();
    await expect.poll(async () => (await trashOf(patient)).length).toBe(0);
    expect(await composer(page).getByLabel('Nota').inputValue()).toBe('Mejor no.');
    await composer(page).getByRole('img', { name: 'foto3', exact: true }).waitFor();
    await close();
  });
});

test('a record is made with its files, changed, and its cards count them', async () => {
  const { page, context, faults } = await openApp(browser, 'u-elena', '/results');
  await page.getByRole('link', { name: 'Nuevo resultado' }).click();
  await page.getByRole('dialog', { name: 'Nuevo resultado' }).waitFor();
  const dialog = page.locator('record-dialog');
  const title = `Analítica ${patient}`;
  await dialog.getByLabel('Título').fill(title);
  await dialog.getByLabel('Paciente').selectOption(patient);
  await dialog.locator('document-manager input[type="file"]').first().setInputFiles([
    { name: 'valores.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') },
  ]);
  await dialog.getByRole('button', { name: 'Guardar' }).click();
  const card = page.getByRole('link', { name: new RegExp(title) });
  await card.getByText('1 archivo').waitFor({ state: 'attached' });
  await card.click();
  await dialog.getByText('valores.csv').waitFor();
  await dialog.getByRole('button', { name: 'Editar' }).click();
  await page.waitForURL('**/edit');
  await dialog.getByLabel('Título').fill(`${title}, revisada`);
  await dialog.getByRole('button', { name: 'Guardar' }).click();
  await page.getByRole('link', { name: new RegExp(`${title}, revisada`) }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('what was thrown away is in the trash by day, comes back, and the audit log tells of it', async () => {
  const { id } = await upload(patient, 'error.jpg', new Uint8Array(pictures[4] ?? []), { title: `Error ${patient}` });
  await ask(`media/documents/${id}`, { method: 'DELETE' });
  const { page, context, faults } = await openApp(browser, 'u-elena', '/trash');
  await page.getByRole('button', { name: `Restaurar Error ${patient}` }).click();
  await page.getByText(`«Error ${patient}» vuelve a la ficha de Paz Prueba Pérez.`).first().waitFor();
  await expect.poll(async () => (await ask<One<{ status: string }>>(`media/documents/${id}`)).data.status).toBe('active');
  await page.getByRole('link', { name: 'Auditoría' }).click();
  await page.getByLabel('Número de paciente').fill(patient);
  await page.keyboard.press('Enter');
  await page.getByText('Recuperado de la papelera').first().waitFor(); // others restore too, until the filter holds
  expect(faults).toEqual([]);
  await context.close();
});

test('who looks after children sees them and nobody else, and writes no notes', async () => {
  const { page, context, faults } = await openApp(browser, 'u-teresa');
  await page.getByRole('link', { name: /Hugo Navarro Prieto/ }).waitFor();
  expect(await page.locator('patients-page .row').count()).toBe(3);
  expect(await page.getByRole('link', { name: 'Auditoría' }).count()).toBe(0);
  await page.getByRole('link', { name: /Hugo Navarro Prieto/ }).click();
  await page.locator('document-gallery').waitFor();
  expect(await page.locator('note-composer').count()).toBe(0);
  await page.goto('/patients/p-101');
  await page.getByText('Este paciente no está aquí').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test.each([
  ['view', { upload: 0, edit: 0, trash: 0 }],
  ['edit', { upload: 1, edit: 1, trash: 0 }],
  ['full', { upload: 1, edit: 1, trash: 1 }],
])('whoever may %s a patient is offered just that', async (access, offered) => {
  await upload(patient, 'iris.jpg', new Uint8Array(pictures[0] ?? []));
  const grant = `directory/patients/${patient}/grants/u-teresa`;
  await ask(grant, { method: 'PUT', body: JSON.stringify({ access }) });
  onTestFinished(() => ask(grant, { method: 'DELETE' }));
  const { page, context, faults } = await openApp(browser, 'u-teresa', `/patients/${patient}/admin/documents`);
  const buttons = (name: string): Promise<number> => page.getByRole('button', { name, exact: true }).count();
  await page.getByText('Todavía no hay documentos').waitFor();
  expect((await buttons('Subir documentos')) > 0).toBe(offered.upload > 0);
  await page.getByRole('link', { name: 'Galería' }).click();
  await page.getByRole('link', { name: /^iris/ }).waitFor();
  expect(await buttons('Subir fotos')).toBe(offered.upload);
  await page.getByRole('checkbox', { name: 'Seleccionar iris' }).click({ force: true });
  await page.getByRole('button', { name: 'Descargar ZIP' }).waitFor();
  expect([await buttons('Etiquetar'), await buttons('Papelera')]).toEqual([offered.edit, offered.trash]);
  await page.getByRole('button', { name: 'Dejar de seleccionar' }).click();
  await page.getByRole('link', { name: /^iris/ }).click();
  await page.getByRole('button', { name: 'Información' }).waitFor();
  expect([await buttons('Editar'), await buttons('Mover a la papelera')]).toEqual([offered.edit, offered.trash]);
  await page.keyboard.press('Delete');
  await settled(page);
  await expect.poll(async () => (await photosOf(patient)).length, { timeout: 20_000 }).toBe(1 - offered.trash);
  expect(faults).toEqual([]);
  await context.close();
});

test('the keyboard alone is enough to come in, find a photo and leave it', async () => {
  const { page, context } = await visit(browser, { baseURL: inject('serviceUrl') });
  await page.goto('/');
  await page.getByRole('button', { name: /Javier Molina Cano/ }).waitFor();
  const tabTo = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute('aria-label') ?? at?.textContent ?? '';
      });
      if (name.test(label)) return;
    }
    throw new Error(`Tab does not lead to ${String(name)}`);
  };
  await tabTo(/Javier Molina Cano/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Pacientes' }).waitFor();
  await tabTo(/Saltar al contenido/);
  await page.keyboard.press('Enter');
  await tabTo(/Lucía Fernández Gómez/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Lucía Fernández Gómez' }).waitFor();
  await tabTo(/^Galería$/);
  await page.keyboard.press('Enter');
  await page.locator('photo-card').first().waitFor();
  await settled(page);
  await tabTo(/^Sonrisa final/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /^Sonrisa final,/ }).waitFor();
  await page.locator('img.pswp__img[src*="variant=medium"]').first().waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('dialog', { name: /, 2 de 14$/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await context.close();
});

test('a view that cannot be loaded says so, and tries again when it is told to', async () => {
  const { page, context } = await openApp(browser, 'u-javier', '/trash');
  await page.getByRole('heading', { name: 'Papelera' }).waitFor();
  await page.route('**/directory/patients*', (route) => route.abort('connectionreset'));
  await page.getByRole('link', { name: 'Pacientes' }).click();
  await page.getByText('El servicio no responde.').waitFor();
  await page.unroute('**/directory/patients*');
  await page.getByRole('button', { name: 'Reintentar' }).click();
  await page.getByRole('link', { name: /Lucía Fernández Gómez/ }).waitFor();
  await context.close();
});

test('a dialog that is closed gives the focus back to the card that opened it', async () => {
  const { page, context } = await openApp(browser, 'u-javier', '/procedures');
  const card = page.getByRole('link', { name: /Colocación de implante 14/ });
  await card.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Colocación de implante 14' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL('**/procedures');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect.poll(() => card.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true);
  await context.close();
});

test('language and theme are chosen, and stay', async () => {
  const { page, context } = await openApp(browser, 'u-javier', '/patients');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Patients' }).waitFor();
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Patients' }).waitFor();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  await context.close();
});

test('a session that has run out asks to sign in again, at the same place', async () => {
  const { page, context } = await openApp(browser, 'u-javier', `/patients/${patient}/admin`);
  await composer(page).getByLabel('Nota').fill('A medias.');
  await context.clearCookies();
  await page.getByRole('link', { name: 'Cronología' }).click();
  await page.getByText('La sesión ha caducado').first().waitFor();
  await page.getByRole('button', { name: /Javier Molina Cano/ }).click();
  await page.getByRole('link', { name: 'Administración' }).click();
  expect(await composer(page).getByLabel('Nota').inputValue()).toBe('A medias.');
  await context.close();
});
