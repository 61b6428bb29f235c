/** The shapes of the HTTP API (version 1) as the service sends them. */

export type MediaKind = 'document' | 'photo' | 'xray' | 'scan' | 'video';
export type DocumentType = 'consent' | 'id_scan' | 'insurance' | 'report' | 'referral' | 'other';
export type CaptureSource = 'exif' | 'user' | 'none';
export type PairRole = 'before' | 'after';
/** What the malware scanner said; what it found something in is in the trash. */
export type Scan = 'unscanned' | 'pending' | 'clean' | 'infected' | 'quarantined';

export interface Uploader {
  id: string;
  name: string;
  first_name: string;
  last_name: string;
}

/** Any file of a patient. Times are RFC 3339; the three urls are signed and work in `<img src>`. */
export interface MediaDocument {
  id: string;
  patient_id: string;
  document_type: DocumentType;
  title: string;
  description: string | null;
  original_filename: string;
  mime_type: string;
  file_size: number;
  sha256: string;
  status: 'active' | 'archived' | 'trashed';
  media_kind: MediaKind;
  media_category: string | null;
  media_subtype: string | null;
  captured_at: string | null;
  captured_at_source: CaptureSource;
  width: number | null;
  height: number | null;
  paired_document_id: string | null;
  pair_role: PairRole | null;
  tags: string[];
  duplicate_of: string | null;
  uploaded_by: string;
  uploader: Uploader;
  created_at: string;
  updated_at: string;
  version: number;
  thumb_url: string | null;
  medium_url: string | null;
  full_url: string;
  /** A tiny picture to show while the thumb loads, as base64 of a ThumbHash; null where there is none. */
  placeholder: string | null;
  scan: Scan;
}

export interface One<T> {
  data: T;
  message: string | null;
}

export interface Page<T> {
  data: T[];
  total: number;
  page: number | null;
  page_size: number;
  next_cursor: string | null;
  message: string | null;
}

export interface Pair {
  before: MediaDocument;
  after: MediaDocument;
}

/** As much of a document as a strip shows. */
export type DocumentBrief = Pick<
  MediaDocument,
  | 'id'
  | 'patient_id'
  | 'document_type'
  | 'title'
  | 'original_filename'
  | 'mime_type'
  | 'file_size'
  | 'media_kind'
  | 'media_category'
  | 'media_subtype'
  | 'captured_at'
  | 'width'
  | 'height'
  | 'paired_document_id'
  | 'pair_role'
  | 'version'
  | 'thumb_url'
  | 'medium_url'
  | 'full_url'
  | 'placeholder'
>;

export interface Attachment {
  id: string;
  document_id: string;
  owner_type: string;
  owner_id: string;
  display_order: number;
  category: string | null;
  created_at: string;
  document: DocumentBrief;
  thumb_url: string | null;
}

/** A word with its label in the language that was asked for, and in all there are. */
export interface Term {
  key: string;
  label: string;
  labels: Readonly<Record<string, string>>;
}

export interface CategoryTerm extends Term {
  subtypes: Term[];
}

export interface Taxonomy {
  media_kinds: MediaKind[];
  document_types: DocumentType[];
  categories: CategoryTerm[];
}

/** A type of record and its rules: `accepted` are extensions, empty for all; null is no limit. */
export interface OwnerType {
  name: string;
  label: string;
  labels: Readonly<Record<string, string>>;
  aliases: string[];
  accepted: string[];
  max_bytes: number | null;
  max_files: number | null;
  categories: string[];
  default_category: string | null;
  operations: string[];
}

/** A file of any record, as the files surface shows it. */
export interface RecordFile {
  id: string;
  entity_type: string;
  entity_id: string;
  file_name: string;
  file_type: string;
  file_size: number;
  description: string | null;
  category: string | null;
  uploaded_at: string;
  created_at: string;
  updated_at: string;
  storage_backend: string;
  sync_status: string;
  thumb_url: string | null;
  view_url: string | null;
  download_url: string | null;
}

export interface Note {
  id: string;
  patient_id: string;
  note_type: string;
  owner_type: string;
  owner_id: string;
  body: string;
  tooth_number: number | null;
  author: Uploader;
  created_at: string;
  updated_at: string;
  version: number;
  attachments: Attachment[];
}
