// Credentials that a host refused, so that they are left alone for a while: registries lock accounts after a few wrong
// passwords, and a container that reads or a kubelet that pulls would try one hundreds of times. Another credential, or the
// same one for another host, is not concerned: who changes a secret is served at once.
import { createHmac, randomBytes } from 'node:crypto';
import { RegistryError } from '../errors.ts';
import type { Credential } from './credentials.ts';

const FIRST_REST_MS = 10_000;
const MAX_REST_MS = 300_000;
/** Refusals that are remembered. */
const MAX_REFUSALS = 1000;

interface Refusal {
  readonly error: RegistryError;
  readonly count: number;
  readonly untilMs: number;
}

/** What a credential was used for. */
export interface RefusedUse {
  readonly host: string;
  /** e.g. `repository:library/python:pull`. */
  readonly scope: string;
  readonly credential: Credential;
}

/** `host`: the host does not know the credential. `scope`: it is not enough for what was wanted with it. */
export type RefusedFor = 'host' | 'scope';

export class Refusals {
  /** Nothing that is kept here lets anybody guess a password. */
  readonly #key = randomBytes(32);
  readonly #nowMs: () => number;
  /** By use; those refused last are last. */
  readonly #refused = new Map<string, Refusal>();

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A host refused a credential, with `error`. */
  add(use: RefusedUse, refusedFor: RefusedFor, error: RegistryError): void {
    const name = this.#nameOf(use, refusedFor);
    const count = (this.#refused.get(name)?.count ?? 0) + 1;
    const restMs = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** Math.min(count - 1, 10));
    this.#refused.delete(name);
    this.#refused.set(name, { error, count, untilMs: this.#nowMs() + restMs });
    const oldest = this.#refused.keys().next().value;
    if (this.#refused.size > MAX_REFUSALS && oldest !== undefined) this.#refused.delete(oldest);
  }

  /** The host took the credential: what was before counts no more. */
  clear(use: RefusedUse): void {
    if (this.#refused.size === 0) return;
    this.#refused.delete(this.#nameOf(use, 'host'));
    this.#refused.delete(this.#nameOf(use, 'scope'));
  }

  /** Why a credential is not to be tried now; undefined when it may be. */
  lookup(use: RefusedUse): RegistryError | undefined {
    if (this.#refused.size === 0) return undefined;
    for (const refusedFor of ['host', 'scope'] as const) {
      const refusal = this.#refused.get(this.#nameOf(use, refusedFor));
      const leftMs = (refusal?.untilMs ?? 0) - this.#nowMs();
      if (refusal !== undefined && leftMs > 0) return restingError(refusal.error, leftMs);
    }
    return undefined;
  }

  #nameOf({ host, scope, credential }: RefusedUse, refusedFor: RefusedFor): string {
    const where = refusedFor === 'host' ? [host] : [host, scope];
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([where, Object.entries(credential)]))
      .digest('base64');
  }
}

function restingError(error: RegistryError, leftMs: number): RegistryError {
  const { method, url, status, diagnostics } = error;
  const again = `not asked again with the same credentials for ${Math.ceil(leftMs / 1000)} s`;
  return new RegistryError(`${error.message}; ${again}`, {
    method,
    url,
    diagnostics,
    ...(status === undefined ? {} : { status }),
  });
}
