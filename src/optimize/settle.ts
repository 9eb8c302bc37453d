// Several things at once of which none may go on when one has failed.

/**
 * All results. When one fails, `abort` is called, and the first error is thrown when all have ended: nothing uses their
 * files any more.
 */
export async function settleAll<T>(work: readonly Promise<T>[], abort: () => void): Promise<T[]> {
  const errors: unknown[] = [];
  const results = await Promise.allSettled(
    work.map((one) =>
      one.catch((error: unknown) => {
        if (errors.push(error) === 1) abort();
        throw error;
      }),
    ),
  );
  if (errors.length > 0) throw errors[0];
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}
