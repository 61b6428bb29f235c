import type { Api } from './client.js';

/** Hand a file to the browser's downloads without leaving the page. */
export function saveAs(url: string, name = ''): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener';
  link.click();
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  saveAs(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Download the original of a document; by fetch, because a link cannot carry a bearer token. */
export async function downloadDocument(api: Api, id: string, name: string): Promise<void> {
  saveBlob(await api.blob(`media/documents/${id}/download`), name);
}

/** One zip with the originals of up to 200 documents. */
export async function downloadZip(api: Api, ids: readonly string[], name: string): Promise<void> {
  saveBlob(await api.blob('files/zip', { method: 'POST', body: { file_ids: ids } }), name);
}
