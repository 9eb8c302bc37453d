// Image pull secrets of a cluster as a source of credentials: of all namespaces, or of some. They are known as long as the
// cluster has them; which pod a secret was made for is not known to a snapshotter.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../log.ts';
import type { Fields } from '../../registry/auth-entry.ts';
import { compareKeys, matchesKey, type CredentialTarget } from '../../registry/credential-key.ts';
import type { Credential, CredentialSource } from '../../registry/credentials.ts';
import { abortable } from '../../registry/retry.ts';
import { Logins } from './login.ts';
import { parsePullSecret, PULL_SECRET_TYPES, secretName, secretVersion, type PullSecretEntry } from './pull-secret.ts';
import { SecretWatch, type SecretSink } from './secret-watch.ts';

/** A daemon that has just started waits this long for its first list, in all. */
const FIRST_LIST_MS = 5000;

export interface KubernetesOptions {
  /** '' means the pod's service account. */
  readonly kubeconfigPath: string;
  /** None means all. */
  readonly namespaces: readonly string[];
  readonly log: Logger;
  readonly firstPauseMs?: number;
}

export class KubernetesCredentials implements CredentialSource, AsyncDisposable {
  readonly #log: Logger;
  readonly #watches: readonly SecretWatch[];
  /** One map of `namespace/name` to entries for each watch. */
  readonly #secrets: ReadonlyMap<string, readonly PullSecretEntry[]>[] = [];
  readonly #firstList: Promise<unknown>;
  readonly #closing = new AbortController();

  /** Begins to watch. Needs nothing to be there yet. */
  constructor(options: KubernetesOptions) {
    this.#log = options.log;
    const logins = new Logins();
    const namespaces = options.namespaces.length === 0 ? [undefined] : options.namespaces;
    this.#watches = namespaces.flatMap((namespace) =>
      Object.keys(PULL_SECRET_TYPES).map((type) => {
        const query = { namespace, type };
        const log = options.log.with({ type, ...(namespace === undefined ? {} : { namespace }) });
        return new SecretWatch({ ...options, log, query, logins, sink: this.#newSink() });
      }),
    );
    const late = sleep(FIRST_LIST_MS, undefined, { ref: false, signal: this.#closing.signal }).catch(() => {});
    this.#firstList = Promise.race([Promise.all(this.#watches.map((watch) => watch.asked)), late]);
  }

  /** The most exact keys first; of equal ones the first by namespace and name. */
  async *lookup(target: CredentialTarget, signal?: AbortSignal): AsyncGenerator<Credential> {
    await abortable(this.#firstList, signal);
    const matching = this.#secrets
      .flatMap((secrets) => [...secrets])
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, entries]) => entries.filter(({ key }) => matchesKey(key, target)))
      .toSorted((a, b) => compareKeys(a.key, b.key));
    // The same login is often in many namespaces.
    const seen = new Set<string>();
    for (const { credential } of matching) {
      const secret = JSON.stringify(credential);
      if (!seen.has(secret)) yield credential;
      seen.add(secret);
    }
  }

  status(): { readonly count: number; readonly ok: boolean; readonly detail: string } {
    const failure = this.#watches.map((watch) => watch.failure).find((one) => one !== undefined);
    const count = this.#secrets.reduce((sum, secrets) => sum + secrets.size, 0);
    return { count, ok: failure === undefined, detail: failure ?? 'image pull secrets' };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#watches.map((watch) => watch.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #newSink(): SecretSink {
    const secrets = new Map<string, readonly PullSecretEntry[]>();
    this.#secrets.push(secrets);
    /** Versions of broken secrets that were told of, by name. */
    const told = new Map<string, string>();
    const put = (secret: Fields): void => {
      const { entries, problems } = parsePullSecret(secret);
      const name = secretName(secret);
      secrets.set(name, entries);
      if (problems.length === 0 || told.get(name) === secretVersion(secret)) return;
      told.set(name, secretVersion(secret));
      this.#log.warn('an image pull secret is broken, and used as far as it is not', { secret: name, problems });
    };
    return {
      put,
      replace: (all) => {
        secrets.clear();
        for (const secret of all) put(secret);
      },
      remove: (secret) => {
        secrets.delete(secretName(secret));
        told.delete(secretName(secret));
      },
    };
  }
}
