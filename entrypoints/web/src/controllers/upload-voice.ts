import { announce } from './announce.js';
import { msg, plural, str } from '../i18n/index.js';
import type { Totals } from '../state/uploads.js';

interface Words {
  begun: (files: number) => string;
  ended: (files: number) => string;
}

const PHOTOS: Words = {
  begun: (n) => plural(n, msg('Subiendo 1 foto'), msg(str`Subiendo ${n} fotos`)),
  ended: (n) => plural(n, msg('1 foto subida'), msg(str`${n} fotos subidas`)),
};

/** Says how uploads go: the start, each quarter, the end, each once. */
export class UploadVoice {
  #quarter = 0;
  #going = false;

  constructor(private readonly words = PHOTOS) {}

  hear({ files, active, done, failed, share }: Totals): void {
    if (active > 0 && !this.#going) {
      this.#going = true;
      this.#quarter = 0;
      announce(this.words.begun(active));
    } else if (active > 0) {
      const quarter = Math.floor(share * 4);
      if (quarter > this.#quarter && quarter < 4) announce(msg(str`Subida al ${quarter * 25} %`));
      this.#quarter = Math.max(quarter, this.#quarter);
    } else if (this.#going) {
      this.#going = false;
      announce(failed > 0 ? msg(str`Subidas ${done} de ${files}`) : this.words.ended(done), failed > 0);
    }
  }
}
