// Mirrors: the same question to one host after the other, until one answers.
import { RegistryError, type ErrorCode, type LazypullError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Endpoint } from './endpoint.ts';

/** What another host may do better. Anything else (settings, abortion, no suffix ranges) ends the search. */
const PASSED_OVER: ReadonlySet<ErrorCode> = new Set(['REGISTRY', 'VERIFICATION', 'FORMAT']);

/**
 * The first success, asking in order but hosts that failed lately last.
 * @param first is asked before all others.
 * A host whose content is wrong is passed over like one that has none.
 * @throws the error of the last host that may still come round, else of the last host.
 */
export async function tryHosts<T>(
  endpoints: readonly Endpoint[],
  first: Endpoint | undefined,
  ask: (endpoint: Endpoint) => Promise<T>,
  log: Logger,
): Promise<T> {
  const failures: LazypullError[] = [];
  for (const endpoint of inOrder(endpoints, first)) {
    try {
      return await ask(endpoint);
    } catch (error) {
      if (!PASSED_OVER.has((error as LazypullError).code)) throw error;
      failures.push(error as LazypullError);
      if (endpoints.length > 1) log.debug('registry host failed', { host: endpoint.host.base.host, error });
    }
  }
  const chosen = failures.findLast((error) => error instanceof RegistryError && error.retryable) ?? failures.at(-1);
  throw chosen ?? new RegistryError('no host is allowed to serve this', { method: 'GET', url: '' });
}

function inOrder(endpoints: readonly Endpoint[], first: Endpoint | undefined): Endpoint[] {
  const rank = (endpoint: Endpoint): number => (endpoint === first ? 0 : endpoint.resting ? 2 : 1);
  return [...endpoints].sort((a, b) => rank(a) - rank(b));
}
