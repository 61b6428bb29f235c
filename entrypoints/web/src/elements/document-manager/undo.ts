import type { Api } from '../../api/client.js';
import { restoreFile } from '../../api/files.js';
import type { RecordFile } from '../../api/types.js';
import { each } from '../../state/bulk.js';
import { toastProblem, toastUndo } from '../toast-stack/toasts.js';
import { stillTrashedText, trashedText } from './words.js';

/** Files are in the trash: say so, and take them out again when asked. */
export function offerUndo(api: Api, files: readonly RecordFile[], restored: () => void): void {
  toastUndo(trashedText(files.length), () => void restore(api, files, restored));
}

async function restore(api: Api, files: readonly RecordFile[], restored: () => void): Promise<void> {
  const { done, failed } = await each(files, ({ id }) => restoreFile(api, id));
  if (done.length > 0) restored();
  const [first] = failed;
  if (!first) return;
  const left = failed.map(({ item }) => item);
  toastProblem(stillTrashedText(left.length), first.problem, () => void restore(api, left, restored));
}
