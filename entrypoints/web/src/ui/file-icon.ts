import { File, FileCode, FileImage, FileSpreadsheet, FileText, type IconNode } from 'lucide';

const BY_TYPE: readonly [RegExp, IconNode][] = [
  [/^image\/|dicom/, FileImage],
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/json|xml/, FileCode],
  [/pdf|word|text/, FileText],
];

/** The icon of a file without a picture, by its MIME type. */
export function fileIcon(mime: string): IconNode {
  return BY_TYPE.find(([pattern]) => pattern.test(mime))?.[1] ?? File;
}
