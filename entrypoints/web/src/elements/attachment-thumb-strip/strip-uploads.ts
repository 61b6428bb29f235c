import type { ReactiveControllerHost } from 'lit';
import { attach, listAttachments, type Owner } from '../../api/attachments.js';
import type { Api } from '../../api/client.js';
import { upload, type Transport } from '../../api/upload.js';
import type { Attachment, MediaDocument, One } from '../../api/types.js';
import { stripJob, type StripWords } from '../../state/strip-uploads.js';
import { UploadQueue } from '../../state/upload-queue.js';
import type { Rows } from '../../state/uploads.js';

interface Host extends ReactiveControllerHost {
  api: Api;
  owner: Owner;
  patientId: string;
}

/** Files on their way to a record. They arrive also when the element is gone; only nobody here waits for them then. */
export class StripUploads {
  #queue: UploadQueue<Attachment> | undefined;
  #after = new Map<string, Owner>();

  constructor(
    private readonly host: Host,
    private readonly arrived: (attachment: Attachment) => void,
  ) {}

  get rows(): Rows<Attachment> {
    return this.#queue?.rows ?? [];
  }

  send(files: readonly File[], words: StripWords): void {
    const { host } = this;
    const queue = (this.#queue ??= this.#made());
    const { owner } = host;
    const jobs = files.map((file) => stripJob(host.patientId, owner, file, words, crypto.randomUUID()));
    for (const { key } of jobs) this.#after.set(key, owner);
    queue.add(jobs).forEach((promise, at) => {
      void promise.then((attachment) => {
        queue.remove([jobs[at]?.key ?? '']);
        if (owner.id === host.owner.id && owner.type === host.owner.type) this.arrived(attachment);
      });
    });
  }

  retry(id: string): void {
    this.#queue?.retry([id]);
  }

  remove(id: string): void {
    this.#queue?.remove([id]);
  }

  #made(): UploadQueue<Attachment> {
    const queue = new UploadQueue<Attachment>(this.host.api, 3, this.#transport);
    queue.addEventListener('change', () => this.host.requestUpdate());
    return queue;
  }

  /** Upload, then find or make the link: both steps are the same when done again. */
  #transport: Transport = async (api, job, hooks) => {
    const owner = this.#after.get(job.key) ?? this.host.owner;
    const { data } = (await upload(api, job, hooks)) as One<MediaDocument>;
    if (!('owner_id' in job.fields)) return attach(api, data.id, owner);
    const found = (await listAttachments(api, owner)).find(({ document_id: id }) => id === data.id);
    return found ?? attach(api, data.id, owner);
  };
}
