import { language, msg, str } from '../i18n/index.js';

export interface FieldFault {
  field: string | null;
  message: string;
}

/** What went wrong with a request. `status` 0: no answer came (offline, service away). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly faults: readonly FieldFault[] = [],
    /** Seconds after which the service wants to be asked again. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }

  get offline(): boolean {
    return this.status === 0;
  }

  /** Worth asking again without changing anything. */
  get passing(): boolean {
    return PASSING.has(this.status) || this.status >= 500 || this.code === 'wrong_offset';
  }
}

/** No answer, too slow, held by another connection, changed on its way (460, of tus), too often. */
const PASSING = new Set([0, 408, 423, 429, 460]);

interface ProblemBody {
  code?: string;
  detail?: string;
  title?: string;
  errors?: FieldFault[];
}

/** The problem+json of an answer; a plain one where a proxy answered with something else. */
export function problemFrom(status: number, body: string, retryAfter: string | null = null): Problem {
  let told: ProblemBody = {};
  try {
    told = JSON.parse(body) as ProblemBody;
  } catch {
    told = {};
  }
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  return new Problem(
    status,
    told.code ?? `http_${status}`,
    told.detail ?? told.title ?? '',
    told.errors ?? [],
    Number.isNaN(seconds) ? null : seconds,
  );
}

export function noAnswer(): Problem {
  return new Problem(0, 'no_answer', '');
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/**
 * What happened, in the language of the screen. The service speaks English: its own sentence is shown to those who
 * read that, and to everyone where we know nothing better.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Problem)) return msg('Algo ha fallado en esta página.');
  if (error.status === 0) return navigator.onLine ? msg('El servicio no responde.') : msg('No hay conexión.');
  const own = ownWords(error);
  const theirs = error.message;
  return (PRECISE.has(error.code) && language() === 'en' ? theirs || own : own || theirs) || unknown(error);
}

/** Codes whose sentence from the service says more than ours. */
const PRECISE = new Set(['unsupported_type', 'unreadable', 'too_large', 'rule_violated', 'malformed']);

function ownWords({ code, faults }: Problem): string {
  switch (code) {
    case 'unauthenticated':
      return msg('La sesión ha caducado. Vuelve a entrar.');
    case 'forbidden':
      return msg('No tienes permiso para esto.');
    case 'not_found':
      return msg('Ya no existe, o no está a tu alcance.');
    case 'stale_version':
      return msg('Alguien lo ha cambiado entretanto.');
    case 'too_large':
      return msg('El archivo es demasiado grande.');
    case 'unsupported_type':
      return msg('Este tipo de archivo no se acepta aquí, o su contenido no es lo que dice su nombre.');
    case 'unreadable':
      return msg('El archivo está vacío, dañado o no se puede abrir.');
    case 'locked':
      return msg('Este archivo se está subiendo desde otra ventana o conexión.');
    case 'too_many_requests':
      return msg('Demasiadas peticiones seguidas. Espera un momento.');
    case 'unavailable':
      return msg('El servicio está ocupado o en mantenimiento.');
    case 'rule_violated':
      return faults.some(({ field }) => field === 'captured_at') ? msg('Esa fecha de captura no puede ser.') : '';
    default:
      return '';
  }
}

function unknown({ status }: Problem): string {
  return msg(str`El servicio ha respondido con el error ${status}.`);
}
