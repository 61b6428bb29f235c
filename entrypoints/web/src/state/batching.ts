/**
 * Collect what many ask for within one turn into one question. `batched(ask)` gives a function from key to answer;
 * `ask` gets at most `most` keys at a time. A failed question is told to everyone who asked.
 */
export function batched<Key, Answer>(
  ask: (keys: Key[]) => Promise<ReadonlyMap<Key, Answer>>,
  most = 200,
): (key: Key) => Promise<Answer | undefined> {
  let open: Map<Key, PromiseWithResolvers<Answer | undefined>> = new Map();

  const flush = (): void => {
    const waiting = [...open];
    open = new Map();
    for (let at = 0; at < waiting.length; at += most) {
      const some = waiting.slice(at, at + most);
      ask(some.map(([key]) => key)).then(
        (answers) => some.forEach(([key, { resolve }]) => resolve(answers.get(key))),
        (error: unknown) => some.forEach(([, { reject }]) => reject(error)),
      );
    }
  };

  return (key) => {
    const known = open.get(key);
    if (known) return known.promise;
    if (open.size === 0) setTimeout(flush);
    const waiting = deferred<Answer | undefined>();
    open.set(key, waiting);
    return waiting.promise;
  };
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

function deferred<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
