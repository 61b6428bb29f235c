import { bytes } from '../../ui/format.js';
import { msg, plural, str } from '../../i18n/index.js';
import { extensionOf, formats, largest, type FileFault, type Limits, type StagedFile } from '../../state/staged-files.js';

/** `10 MB`, as rules count them. */
function megabytes(size: number): string {
  return bytes((size / 2 ** 20) * 1e6);
}

/** Which rule keeps a file back, and what it asks for. */
export function faultText(fault: FileFault, { file }: StagedFile, limits: Limits): string {
  switch (fault) {
    case 'empty':
      return msg('El archivo está vacío.');
    case 'size':
      return msg(str`Ocupa ${megabytes(file.size)}; como mucho, ${megabytes(largest(limits))}.`);
    case 'count':
      return msg(str`Aquí caben como mucho ${limits.max_files ?? 0} archivos. Quita alguno antes.`);
    case 'type': {
      const extension = extensionOf(file.name);
      const accepted = formats(limits.accepted_types).join(', ');
      return extension
        ? msg(str`Aquí no se aceptan archivos ${extension}. Se aceptan: ${accepted}.`)
        : msg(str`El nombre no dice de qué tipo es. Se aceptan: ${accepted}.`);
    }
  }
}

/** `PDF, JPEG, PNG · hasta 10 MB cada uno · 3 de 10 archivos` */
export function limitsText(limits: Limits, already: number): string {
  const types = formats(limits.accepted_types).join(', ');
  const size = msg(str`hasta ${megabytes(largest(limits))} cada uno`);
  const { max_files: most } = limits;
  return [types, size, most === null ? '' : msg(str`${already} de ${most} archivos`)].filter(Boolean).join(' · ');
}

export const SPOKEN = {
  begun: (n: number): string => plural(n, msg('Subiendo 1 archivo'), msg(str`Subiendo ${n} archivos`)),
  ended: (n: number): string => plural(n, msg('1 archivo subido'), msg(str`${n} archivos subidos`)),
};

/** For those who do not see the rows. */
export function chosenText(chosen: number, refused: number): string {
  const text = plural(chosen, msg('1 archivo elegido'), msg(str`${chosen} archivos elegidos`));
  return refused > 0 ? `${text}; ${msg(str`${refused} no se pueden subir`)}` : text;
}

export function uploadedText(n: number): string {
  return plural(n, msg('1 archivo subido.'), msg(str`${n} archivos subidos.`));
}
