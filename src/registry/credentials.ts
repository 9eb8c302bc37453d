// Whose name and password a registry gets. The usual source is Docker's config.json; a daemon may add others.

/** What is known for one registry. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token, as `docker login` stores for some registries. */
  | { readonly kind: 'identity-token'; readonly identityToken: string }
  /** A bearer token that is used as it is. */
  | { readonly kind: 'registry-token'; readonly registryToken: string };

export interface CredentialSource {
  /**
   * The credential for a registry, named as in references (`docker.io`, `ghcr.io`, `localhost:5000`); undefined when
   * there is none. Asked again for every token, so that a later login counts.
   * @throws UserError when a source is there but broken.
   */
  lookup(registry: string, signal?: AbortSignal): Promise<Credential | undefined>;
}

/** Asks several sources in order; the first that knows the registry wins. */
export function firstOf(sources: readonly CredentialSource[]): CredentialSource {
  return {
    async lookup(registry, signal) {
      for (const source of sources) {
        const credential = await source.lookup(registry, signal);
        if (credential !== undefined) return credential;
      }
      return undefined;
    },
  };
}
