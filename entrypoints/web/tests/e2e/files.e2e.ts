import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ask, newPatient } from './api.js';
import { violations } from './axe.js';
import { launch, PHONE, shot, SIZES, visit } from './browser.js';
import { mount } from './gallery.js';
import { drawn } from './pictures.js';
import { filesOf, newRecord, note, pdf, picker, put, type Picked } from './records.js';
import type { MediaDocument, Page as ListPage } from '../../src/api/types.js';
import type { DocumentManager, FileList, Saved } from '../../src/index.js';

const LAB = 'lab-result';

let browser: Browser;
let pictures: Picked[];

beforeAll(async () => {
  browser = await launch();
  const drawings = await drawn(browser, 3);
  pictures = drawings.map((buffer, at) => ({ name: `placa ${at + 1}.jpg`, mimeType: 'image/jpeg', buffer }));
});

afterAll(() => browser.close());

const picture = (at: number): Picked => pictures[at] ?? note('no.txt', '');
const row = (page: Page, name: string): ReturnType<Page['locator']> => page.locator('cm-file-rows .row', { hasText: name });
const staged = (page: Page, name: string): ReturnType<Page['locator']> => page.locator('cm-file-zone .row', { hasText: name });
const names = async (type: string, id: string): Promise<string[]> => (await filesOf(type, id)).map((file) => file.file_name);

async function openManager(page: Page, type: string, id: string, mode = 'view'): Promise<void> {
  await mount(page, 'document-manager', { 'entity-type': type, 'entity-id': id, mode });
  await page.locator('cm-file-zone').waitFor();
}

const saved = (page: Page): Promise<Saved> => page.evaluate(() => (document.querySelector('document-manager') as DocumentManager).save());
const flushed = (page: Page, id: string): Promise<Saved> =>
  page.evaluate((to) => (document.querySelector('document-manager') as DocumentManager).flush(to), id);

test('of three files for a lab result the one that its rules refuse stays behind with the rule, and the badge follows', async () => {
  const lab = await newRecord(LAB);
  const { page, context, faults } = await visit(browser);
  await openManager(page, LAB, lab);
  await page.evaluate((id) => {
    const badge = Object.assign(document.createElement('file-count-badge'), { entityType: 'lab-result', entityId: id });
    document.querySelector('header')?.append(badge);
  }, lab);
  await page.getByText('Todavía no hay archivos').waitFor();
  await picker(page, 'cm-file-zone').setInputFiles([pdf('hemograma.pdf', 'Hemograma'), picture(0), note('virus.exe', 'MZ')]);
  await page.getByText('Aquí no se aceptan archivos .exe.').waitFor();
  await page.getByLabel('Descripción de hemograma.pdf').fill('Control anual');
  await page.getByLabel('Categoría de hemograma.pdf').selectOption('report');
  await page.getByRole('button', { name: 'Subir 2 archivos' }).click();
  await row(page, 'hemograma.pdf').getByText('Control anual').waitFor();
  await row(page, 'placa 1.jpg').waitFor();
  await staged(page, 'virus.exe').waitFor();
  expect(await staged(page, 'hemograma.pdf').count()).toBe(0);
  await page.locator('file-count-badge').getByText('2 archivos').waitFor();
  expect(await filesOf(LAB, lab)).toMatchObject([{ description: 'Control anual', category: 'report' }, { file_name: 'placa 1.jpg' }]);
  await page.getByRole('button', { name: 'Quitar virus.exe' }).click();
  await picker(page, 'cm-file-zone').setInputFiles([{ ...note('falsa.png', 'nada'), mimeType: 'image/png' }]);
  await page.getByRole('button', { name: 'Subir 1 archivo' }).click();
  await staged(page, 'falsa.png').getByText('Este tipo de archivo no se acepta aquí').waitFor();
  expect(await names(LAB, lab)).toEqual(['hemograma.pdf', 'placa 1.jpg']);
  expect(faults).toEqual([]);
  await context.close();
});

test('marks are carried out by saving and not before; by keyboard alone, undone before and after', async () => {
  const lab = await newRecord(LAB);
  for (const name of ['uno.txt', 'dos.txt', 'tres.txt']) await put(LAB, lab, note(name, name));
  const { page, context } = await visit(browser);
  await openManager(page, LAB, lab, 'edit');
  await page.getByRole('button', { name: 'uno.txt', exact: true }).focus();
  await page.keyboard.press('Delete');
  await row(page, 'uno.txt').getByText('Se eliminará al guardar').waitFor();
  await page.getByRole('button', { name: 'Deshacer: conservar uno.txt' }).press('Enter');
  await page.getByText('Sin cambios').waitFor();
  await page.getByRole('button', { name: 'dos.txt', exact: true }).focus();
  await page.keyboard.press('Delete');
  await picker(page, 'cm-file-zone').setInputFiles([note('cuatro.txt', '4'), note('cinco.txt', '5')]);
  await page.getByText('2 nuevos, 1 por eliminar').waitFor();
  expect(await names(LAB, lab)).toEqual(['dos.txt', 'tres.txt', 'uno.txt']);
  expect(await saved(page)).toMatchObject({ complete: true, deleted: [expect.any(String)], failed: [] });
  expect(await names(LAB, lab)).toEqual(['cinco.txt', 'cuatro.txt', 'tres.txt', 'uno.txt']);
  await page.getByText('Sin cambios').waitFor();
  await page.getByText('1 archivo movido a la papelera.').first().waitFor();
  await page.keyboard.press('Control+z');
  await row(page, 'dos.txt').waitFor();
  expect(await names(LAB, lab)).toHaveLength(5);
  await context.close();
});

test('queued files go once the record exists; the one that fails goes later, and no other twice', async () => {
  const { page, context } = await visit(browser);
  await mount(page, 'document-manager', { 'entity-type': LAB, mode: 'create' });
  await page.locator('cm-file-zone').waitFor();
  await picker(page, 'cm-file-zone').setInputFiles([note('a.txt', 'a'), note('b.txt', 'b'), note('c.txt', 'c')]);
  await page.getByLabel('Descripción de b.txt').fill('la segunda');
  await page.getByText('3 nuevos').waitFor();
  const lab = await newRecord(LAB);
  let sent = 0;
  await page.route('**/files', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent += 1;
    const refuse = sent <= 3 && (route.request().postDataBuffer()?.includes('b.txt') ?? false);
    return refuse ? route.fulfill({ status: 403, json: { code: 'forbidden' } }) : route.continue();
  });
  const first = await flushed(page, lab);
  expect(first).toMatchObject({ complete: false, failed: [{ name: 'b.txt' }] });
  expect(first.uploaded).toHaveLength(2);
  await staged(page, 'b.txt').getByText('No tienes permiso para esto.').waitFor();
  expect(await flushed(page, lab)).toMatchObject({ complete: true, uploaded: [{ file_name: 'b.txt', description: 'la segunda' }] });
  expect(sent).toBe(4);
  expect(await names(LAB, lab)).toEqual(['a.txt', 'b.txt', 'c.txt']);
  await context.close();
});

test('all badges of a page are one request for each type', async () => {
  const labs = await Promise.all([newRecord(LAB), newRecord(LAB), newRecord(LAB)]);
  const visitId = await newRecord('visit');
  await put(LAB, labs[0] ?? '', note('uno.txt', '1'));
  const { page, context } = await visit(browser);
  await mount(page, 'toast-stack');
  const asked: string[] = [];
  page.on('request', (request) => void (request.url().includes('batch-counts') && asked.push(request.postData() ?? '')));
  await page.evaluate(
    (records) => {
      for (const [entityType, entityId] of records) {
        document.querySelector('main')?.append(Object.assign(document.createElement('file-count-badge'), { entityType, entityId, button: true }));
      }
    },
    [...labs.map((id) => [LAB, id]), ['visit', visitId]] as [string, string][],
  );
  await page.getByRole('button', { name: '1 archivo' }).waitFor();
  expect(await page.getByRole('button', { name: 'Sin archivos' }).count()).toBe(3);
  expect(asked.map((body) => (JSON.parse(body) as { entity_ids: string[] }).entity_ids.length).toSorted()).toEqual([1, 3]);
  await context.close();
});

test('pictures zoom, a PDF has its viewer, a text is read, and the focus comes back', async () => {
  const lab = await newRecord(LAB);
  await put(LAB, lab, note('datos.csv', 'prueba;valor\nglucosa;92'), {});
  await put(LAB, lab, pdf('informe.pdf', 'Informe'));
  await put(LAB, lab, picture(1), { description: 'Lado derecho' });
  const { page, context, faults } = await visit(browser);
  await page.addInitScript(() => {
    const told = globalThis as unknown as { printed: number };
    told.printed = 0;
    window.print = () => void ((window.top as unknown as { printed: number }).printed += 1);
  });
  const printed = (): Promise<number> => page.evaluate(() => (globalThis as unknown as { printed: number }).printed);
  await openManager(page, LAB, lab);
  await page.getByRole('button', { name: 'placa 2.jpg', exact: true }).press('Enter');
  await page.getByRole('heading', { name: 'placa 2.jpg' }).waitFor();
  const image = page.locator('cm-preview-dialog .picture img');
  await expect.poll(() => image.evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(960);
  await page.keyboard.press('+');
  await expect.poll(() => image.evaluate((one) => (one as HTMLElement).style.transform)).toContain('scale(1.5)');
  await page.keyboard.press('0');
  await page.keyboard.press('p');
  await expect.poll(printed).toBe(1);
  await page.keyboard.press('ArrowRight');
  await page.getByRole('heading', { name: 'informe.pdf' }).waitFor();
  const viewer = page.locator('cm-preview-dialog iframe');
  const url = await viewer.getAttribute('src');
  const answer = await page.request.get(url ?? '');
  expect(answer.headers()['content-type']).toBe('application/pdf');
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'");
  expect(await viewer.getAttribute('sandbox')).toBeNull();
  await page.getByRole('button', { name: 'Siguiente' }).click();
  await page.getByText('glucosa;92').waitFor();
  await page.keyboard.press('p');
  await expect.poll(printed).toBe(2);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'datos.csv' }).waitFor({ state: 'hidden' });
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('DOCUMENT-MANAGER');
  expect(faults).toEqual([]);
  await context.close();
});

test('several are chosen by keys and come as one zip', async () => {
  const lab = await newRecord(LAB);
  for (const name of ['alfa.txt', 'beta.txt', 'gamma.txt', 'Radiografía.txt']) await put(LAB, lab, note(name, name));
  const { page, context } = await visit(browser);
  await openManager(page, LAB, lab);
  await page.getByRole('button', { name: 'Nombre' }).click();
  expect(await page.locator('cm-file-rows .row button.name').allTextContents()).toEqual(['alfa.txt', 'beta.txt', 'gamma.txt', 'Radiografía.txt']);
  await page.getByLabel('Buscar en los archivos').fill('radiografia');
  await expect.poll(() => page.locator('cm-file-rows .row').count()).toBe(1);
  await page.getByLabel('Buscar en los archivos').fill('nada de nada');
  await page.getByRole('button', { name: 'Ver todos los archivos' }).click();
  await page.getByLabel('Seleccionar alfa.txt').focus();
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  await page.getByText('2 seleccionados').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Descargar ZIP' }).click();
  expect((await download).suggestedFilename()).toBe('Archivos.zip');
  await context.close();
});

test('thousands of rows stay few elements', async () => {
  const { page, context } = await visit(browser);
  await mount(page, 'file-list');
  await page.evaluate(() => {
    const files = Array.from({ length: 2_000 }, (_, at) => ({
      id: `f${at}`,
      file_name: `archivo ${at}.pdf`,
      file_type: 'application/pdf',
      file_size: 1_000 + at,
      uploaded_at: new Date(1.77e12 - at * 6e7).toISOString(),
      category: at % 2 ? 'report' : 'result',
      thumb_url: null,
    }));
    (document.querySelector('file-list') as FileList).files = files as unknown as FileList['files'];
  });
  await page.getByRole('button', { name: 'archivo 0.pdf', exact: true }).waitFor();
  const drawnRows = (): Promise<number> => page.locator('cm-file-rows .row').count();
  expect(await drawnRows()).toBeLessThan(200);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.getByRole('button', { name: 'archivo 0.pdf', exact: true }).press('End');
  await page.getByRole('button', { name: 'archivo 1999.pdf', exact: true }).waitFor();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(height - 2_000);
  await expect.poll(drawnRows).toBeLessThan(250);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height);
  await context.close();
});

test('documents of a patient are uploaded, edited, trashed, and restored by undo', async () => {
  const patient = await newPatient('Darío Documentos');
  const { page, context, faults } = await visit(browser, PHONE);
  await mount(page, 'document-gallery', { 'patient-id': patient, 'patient-name': 'Darío' });
  await page.getByText('Todavía no hay documentos').waitFor();
  await page.getByRole('button', { name: 'Subir documentos' }).first().tap();
  await picker(page, 'cm-documents').setInputFiles([pdf('implante.pdf', 'Consentimiento'), pdf('poliza.pdf', 'Póliza')]);
  await page.getByLabel('Categoría de implante.pdf').selectOption('consent');
  await page.getByRole('button', { name: 'Subir 2 archivos' }).tap();
  await page.getByRole('button', { name: /^Acciones de implante/ }).waitFor();
  await page.getByRole('heading', { name: 'Subir documentos de Darío' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Acciones de poliza' }).tap();
  await page.getByRole('menuitem', { name: 'Editar' }).tap();
  await page.getByLabel('Título').fill('Póliza dental 2026');
  await page.locator('cm-document-form').getByLabel('Tipo').selectOption('insurance');
  await page.getByRole('button', { name: 'Guardar' }).tap();
  await page.getByRole('button', { name: 'Acciones de Póliza dental 2026' }).waitFor();
  const stored = async (): Promise<string[]> =>
    (await ask<ListPage<MediaDocument>>(`media/patients/${patient}/documents`)).data.map((one) => `${one.document_type} ${one.title}`).toSorted();
  expect(await stored()).toEqual(['consent implante', 'insurance Póliza dental 2026']);
  await page.getByRole('button', { name: 'Consentimiento' }).tap();
  await expect.poll(() => page.locator('cm-documents .card').count()).toBe(1);
  await page.locator('cm-documents .card .open').press('Delete');
  await page.getByText('Ningún documento así').waitFor();
  await expect.poll(stored).toEqual(['insurance Póliza dental 2026']);
  await page.getByRole('button', { name: 'Deshacer' }).tap();
  await page.locator('cm-documents .card').waitFor();
  await expect.poll(stored).toHaveLength(2);
  expect(faults).toEqual([]);
  await context.close();
});

let full: string;
let patient: string;

async function furnished(): Promise<void> {
  if (full) return;
  patient = await newPatient('Vera Vistas');
  full = await newRecord(LAB, 'Analítica', patient);
  await put(LAB, full, pdf('Hemograma y bioquímica completa de mayo.pdf', 'Hemograma'), { category: 'report', description: 'Control anual, en ayunas' });
  await put(LAB, full, picture(0), { category: 'image', description: 'Aleta de mordida derecha' });
  await put(LAB, full, note('indicaciones.txt', 'Tomar en ayunas.\nRepetir en seis meses.'), { category: 'document' });
  await put(LAB, full, note('valores.csv', 'prueba;valor\nglucosa;92', 'text/csv'), { category: 'result' });
  const form = new FormData();
  form.append('document_type', 'consent');
  form.append('title', 'Consentimiento de implante');
  form.append('description', 'Firmado en la consulta');
  const { name, buffer } = pdf('consentimiento.pdf', 'Consentimiento');
  form.append('file', new File([new Uint8Array(buffer)], name, { type: 'application/pdf' }));
  const headers = { Authorization: `Bearer ${inject('tokens')['ADMIN']}` };
  await fetch(`${inject('serviceUrl')}/api/v1/media/patients/${patient}/documents`, { method: 'POST', body: form, headers });
}

/** Each state of the elements, how to get there, and the name of its picture. */
const STATES: [string, (page: Page) => Promise<void>][] = [
  [
    'manager edit',
    async (page) => {
      await openManager(page, LAB, full, 'edit');
      await page.getByRole('button', { name: 'Acciones de indicaciones.txt' }).click();
      await page.getByRole('menuitem', { name: 'Eliminar' }).click();
      await picker(page, 'cm-file-zone').setInputFiles([picture(2), note('virus.exe', 'MZ')]);
      await page.getByText('1 nuevo, 1 por eliminar').waitFor();
      await page.waitForLoadState('networkidle');
    },
  ],
  [
    'manager selection',
    async (page) => {
      await openManager(page, LAB, full);
      await page.getByRole('button', { name: 'Filtros' }).click();
      await page.getByLabel('Seleccionar valores.csv').check();
      await page.getByText('1 seleccionado').first().waitFor();
    },
  ],
  [
    'file form',
    async (page) => {
      await openManager(page, LAB, full, 'edit');
      await page.getByRole('button', { name: 'Acciones de valores.csv' }).click();
      await page.getByRole('menuitem', { name: 'Editar' }).click();
      await page.getByRole('textbox', { name: 'Nombre' }).waitFor();
    },
  ],
  [
    'badges',
    async (page) => {
      await mount(page, 'toast-stack');
      await page.evaluate(() => {
        const main = document.querySelector('main') ?? document.body;
        for (const variant of ['badge', 'text', 'icon']) {
          const line = document.createElement('p');
          for (const size of ['xs', 'sm', 'md', 'lg']) {
            for (const count of [0, 1, 128]) line.append(Object.assign(document.createElement('file-count-badge'), { variant, size, count }), ' ');
            line.append(Object.assign(document.createElement('file-count-badge'), { variant, size, loading: true, button: true }), ' ');
          }
          main.append(line);
        }
      });
      await page.getByText('128 archivos').first().waitFor();
    },
  ],
  [
    'preview picture',
    async (page) => {
      await openManager(page, LAB, full);
      await page.getByRole('button', { name: 'placa 1.jpg', exact: true }).click();
      await page.locator('cm-preview-dialog .picture img:not(.coming)').waitFor();
    },
  ],
  [
    'preview pdf',
    async (page) => {
      await openManager(page, LAB, full);
      await page.getByRole('button', { name: /^Hemograma/ }).click();
      await page.locator('cm-preview-dialog iframe').waitFor();
      await page.waitForTimeout(600); // the viewer draws in its own time and tells nobody
    },
  ],
  [
    'documents',
    async (page) => {
      await mount(page, 'document-gallery', { 'patient-id': patient, 'patient-name': 'Vera Vistas' });
      await page.locator('cm-documents .card').first().waitFor();
      await page.waitForLoadState('networkidle');
    },
  ],
  [
    'documents upload',
    async (page) => {
      await mount(page, 'document-gallery', { 'patient-id': patient, 'patient-name': 'Vera Vistas' });
      await page.getByRole('button', { name: 'Subir documentos' }).first().click();
      await picker(page, 'cm-documents').setInputFiles([pdf('nuevo.pdf', 'x')]);
      await page.getByLabel('Categoría de nuevo.pdf').waitFor();
    },
  ],
];

test.each(STATES)('%s has no violation in light and dark, and fits a tablet and a phone of 375 and 320 pixels', async (name, go) => {
  await furnished();
  const { page, context } = await visit(browser, { bypassCSP: true, hasTouch: true });
  const file = name.replaceAll(' ', '-');
  await go(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await shot(page, `${file}-1440-${colorScheme}`);
    expect(await violations(page)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of [SIZES.tablet, SIZES.phone, 320]) {
    await page.setViewportSize({ width, height: width === SIZES.tablet ? 1000 : 740 });
    await page.waitForTimeout(100);
    await shot(page, `${file}-${width}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  expect(await violations(page)).toEqual([]);
  await context.close();
});
