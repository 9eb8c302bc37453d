// Credentials that a host refused, so that they are left alone for a while: registries lock accounts after a few wrong
// passwords, and a container that reads or a kubelet that pulls would try one hundreds of times. Another credential, or the
// same one for another host, is not concerned: who changes a secret is served at once.
import { createHmac, randomBytes } from 'node:crypto';
import { RegistryError } from '../errors.ts';
import type { Credential } from './credentials.ts';
import { abortable } from './retry.ts';

const FIRST_REST_MS = 10_000;
const MAX_REST_MS = 300_000;
/** Refusals, and credentials that were taken, that are remembered. */
const MAX_REMEMBERED = 1000;

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
  /** Credentials that a host has taken. */
  readonly #taken = new Set<string>();
  /** Those that are being tried for the first time, until that has ended. */
  readonly #trials = new Map<string, Promise<void>>();

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
    if (refusedFor === 'host') this.#taken.delete(name);
    forgetOldest(this.#refused);
  }

  /** The host took the credential, for something; with `scope`, for what it was wanted for. What was before counts no more. */
  took(use: RefusedUse, scope: boolean): void {
    const name = this.#nameOf(use, 'host');
    this.#refused.delete(name);
    if (scope) this.#refused.delete(this.#nameOf(use, 'scope'));
    this.#taken.add(name);
    forgetOldest(this.#taken);
  }

  /**
   * For who is about to show a credential: one that the host has not taken yet is shown by one request at a time, and not
   * twenty times at once.
   * @returns what to call when that request has ended; undefined after another one's has, which may have changed everything.
   */
  async enter(use: RefusedUse, signal?: AbortSignal): Promise<(() => void) | undefined> {
    const name = this.#nameOf(use, 'host');
    if (this.#taken.has(name)) return () => {};
    const trial = this.#trials.get(name);
    if (trial !== undefined) {
      await abortable(trial, signal);
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#trials.set(name, promise);
    return () => {
      if (this.#trials.get(name) === promise) this.#trials.delete(name);
      resolve();
    };
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

function forgetOldest(remembered: Map<string, unknown> | Set<string>): void {
  const oldest = remembered.keys().next().value;
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
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
