import { msg } from '../i18n/index.js';

/** The categories and document types that the service begins with; an installation may have others. */
const WORDS: Readonly<Record<string, () => string>> = {
  result: () => msg('Resultado de prueba'),
  report: () => msg('Informe'),
  image: () => msg('Imagen'),
  document: () => msg('Documento'),
  card: () => msg('Tarjeta'),
  policy: () => msg('Póliza'),
  claim: () => msg('Reclamación'),
  eob: () => msg('Explicación de prestaciones'),
  correspondence: () => msg('Correspondencia'),
  summary: () => msg('Resumen'),
  referral: () => msg('Derivación'),
  prescription: () => msg('Receta'),
  test_order: () => msg('Petición de pruebas'),
  consent: () => msg('Consentimiento'),
  instructions: () => msg('Instrucciones'),
  billing: () => msg('Facturación'),
  id_scan: () => msg('Documento de identidad'),
  insurance: () => msg('Seguro'),
  other: () => msg('Otro'),
};

/** A category or document type in the language of the screen; one that an installation has made up, as it is written. */
export function categoryLabel(key: string | null): string {
  if (!key) return '';
  const plain = key.replaceAll('_', ' ');
  return WORDS[key]?.() ?? plain.charAt(0).toLocaleUpperCase() + plain.slice(1);
}

/** What people call a type of file: `PDF`, `JPEG`, `Word`. */
export function typeName(mime: string): string {
  return TYPES[mime] ?? mime.split('/').at(-1)?.toUpperCase() ?? '';
}

const OOXML = 'application/vnd.openxmlformats-officedocument';
const TYPES: Readonly<Record<string, string>> = {
  'image/webp': 'WebP',
  'application/msword': 'Word',
  [`${OOXML}.wordprocessingml.document`]: 'Word',
  'application/vnd.ms-excel': 'Excel',
  [`${OOXML}.spreadsheetml.sheet`]: 'Excel',
  'text/plain': 'TXT',
};
