import type { Api } from './client.js';
import type { Attachment, One, Page } from './types.js';

export interface Owner {
  type: string;
  id: string;
}

/** Everything on a record, in its order. */
export async function listAttachments(api: Api, owner: Owner, signal?: AbortSignal): Promise<Attachment[]> {
  const found: Attachment[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { owner_type: owner.type, owner_id: owner.id, cursor };
    const page: Page<Attachment> = await api.json<Page<Attachment>>('media/attachments', { query, signal });
    found.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/** Put a document on a record; what is there already stays as it is. */
export async function attach(api: Api, document: string, owner: Owner, order = 0, category?: string | null): Promise<Attachment> {
  const body = { document_id: document, owner_type: owner.type, owner_id: owner.id, display_order: order, ...(category ? { category } : {}) };
  return (await api.json<One<Attachment>>('media/attachments', { method: 'POST', body })).data;
}

/** Take it off the record; the document stays. */
export async function detach(api: Api, attachment: string): Promise<void> {
  await api.fetch(`media/attachments/${attachment}`, { method: 'DELETE' });
}

/** `ids` names every attachment of the record once. */
export async function orderAttachments(api: Api, owner: Owner, ids: readonly string[]): Promise<void> {
  const body = { owner_type: owner.type, owner_id: owner.id, attachment_ids: ids };
  await api.fetch('media/attachments/order', { method: 'PUT', body });
}
