// Whose name and password a registry gets. Sources are asked in order; each may have several candidates, the best one
// first, since one that the registry refuses must not keep the others from being tried (see refusals.ts).
import { LazypullError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { CredentialTarget } from './credential-key.ts';

/** What is known for one registry or repository. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token, as `docker login` stores for some registries. */
  | { readonly kind: 'identity-token'; readonly identityToken: string }
  /** A bearer token that is used as it is. */
  | { readonly kind: 'registry-token'; readonly registryToken: string };

export interface CredentialSource {
  /**
   * The credentials for a repository, best first; none when nothing is known. Asked again for every token, so that a later
   * login counts. Whoever iterates takes what he needs: work for further candidates is not done before they are wanted.
   * @throws UserError when a source is there but broken.
   */
  lookup(target: CredentialTarget, signal?: AbortSignal): AsyncIterable<Credential>;
  /** A registry refused this one: a source that keeps credentials for a while may have newer ones. */
  refused?(credential: Credential): void;
}

/**
 * Asks several sources in order. One that is broken is passed over, with one warning until it is well or broken otherwise.
 * @throws the error of the first broken source, when no source had anything.
 */
export function firstOf(sources: readonly CredentialSource[], log: Logger): CredentialSource {
  const told = new Map<CredentialSource, string>();
  return {
    async *lookup(target, signal) {
      let failure: unknown;
      let found = false;
      for (const source of sources) {
        try {
          for await (const credential of source.lookup(target, signal)) {
            found = true;
            told.delete(source);
            yield credential;
          }
        } catch (error) {
          signal?.throwIfAborted();
          if (!(error instanceof LazypullError)) throw error;
          failure ??= error;
          if (told.get(source) === error.message) continue;
          told.set(source, error.message);
          log.warn('a source of credentials is broken', { registry: target.registry, error });
        }
      }
      if (!found && failure !== undefined) throw failure;
    },
    refused(credential) {
      for (const source of sources) source.refused?.(credential);
    },
  };
}
