export interface Outcome<Item, Result> {
  done: Result[];
  failed: { item: Item; problem: unknown }[];
}

/** Do something with each of many, a few at a time; one failure does not stop the others. */
export async function each<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
  atOnce = 4,
): Promise<Outcome<Item, Result>> {
  const outcome: Outcome<Item, Result> = { done: [], failed: [] };
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        outcome.done.push(await act(item));
      } catch (problem) {
        outcome.failed.push({ item, problem });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcome;
}
