/** Does one piece of work after the other. A piece that fails rejects for who asked for it; the next one goes on. */
export type Queue = <T>(work: () => Promise<T> | T) => Promise<T>;

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
