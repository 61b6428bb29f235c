import type { UploadJob } from '../api/upload.js';
import type { Owner } from '../api/attachments.js';

/** What the pictures that are added here become. */
export interface StripWords {
  kind: 'photo' | 'xray';
  category: string;
  subtype: string;
}

const PICTURE = /\.(jpe?g|png|webp|gif|tiff?|heic|heif)$/i;
const DICOM = /\.(dcm|dicom)$/i;

export function isPicture(file: File): boolean {
  return PICTURE.test(file.name) || (!file.name.includes('.') && file.type.startsWith('image/'));
}

/** Where a file goes: pictures and DICOM straight onto the record, anything else as a document that is attached after. */
export function stripJob(patient: string, owner: Owner, file: File, words: StripWords, key: string): UploadJob & { attachAfter: boolean } {
  const title = file.name.replace(/\.[^.]+$/, '');
  if (!isPicture(file) && !DICOM.test(file.name)) {
    return { file, key, to: { target: 'document', patient_id: patient }, fields: { document_type: 'other', title }, attachAfter: true };
  }
  const xray = words.kind === 'xray' || DICOM.test(file.name);
  const classified = xray
    ? { media_kind: 'xray', media_category: 'xray', media_subtype: words.kind === 'xray' ? words.subtype : '' }
    : { media_kind: 'photo', media_category: words.category, media_subtype: words.subtype };
  return { file, key, to: { target: 'photo', patient_id: patient }, fields: { ...classified, owner_type: owner.type, owner_id: owner.id }, attachAfter: false };
}
