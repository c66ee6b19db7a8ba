/**
 * What a callback of the program has thrown. In: the error. Out: an uncaught exception, as a listener's is;
 * whoever called goes on.
 */

/** @param {unknown} error */
export function report(error) {
  process.nextTick(() => {
    throw error;
  });
}
