// A credential provider as a source of credentials: asked for the images that its patterns name, and not again while its
// answer is good. Who asks at the same time shares one run.
import type { ProviderConfig } from '../config.ts';
import { describeError, UserError } from '../errors.ts';
import {
  compareKeys,
  matchesKey,
  parseCredentialKey,
  type CredentialKey,
  type CredentialTarget,
} from '../registry/credential-key.ts';
import type { Credential, CredentialSource } from '../registry/credentials.ts';
import { abortable } from '../registry/retry.ts';
import { encodeProviderRequest, parseProviderResponse, type ProviderAnswer } from './provider-protocol.ts';
import { runSecretProgram } from './secret-program.ts';

/** As kubelet waits: programs of clouds call home before they answer. */
const TIMEOUT_MS = 60_000;
/** A failure is not asked for again at once, nor is a new answer in place of one that a registry refused. */
const PAUSE_MS = 10_000;

interface Kept {
  readonly answer: ProviderAnswer;
  readonly gotMs: number;
  readonly untilMs: number;
}

export class ProviderCredentials implements CredentialSource {
  readonly #config: ProviderConfig;
  readonly #patterns: readonly CredentialKey[];
  readonly #nowMs: () => number;
  /** By what an answer is good for; see `cacheNames`. */
  readonly #kept = new Map<string, Kept>();
  readonly #running = new Map<string, Promise<ProviderAnswer>>();
  #failure: { readonly error: unknown; readonly untilMs: number } | undefined;

  constructor(config: ProviderConfig, nowMs: () => number = () => performance.now()) {
    this.#config = config;
    this.#nowMs = nowMs;
    this.#patterns = config.matchImages.map(parseCredentialKey).filter((key) => key !== undefined);
  }

  async *lookup(target: CredentialTarget, signal?: AbortSignal): AsyncGenerator<Credential> {
    if (!this.#patterns.some((pattern) => matchesKey(pattern, target))) return;
    const { credentials } = await this.#answer(target, signal);
    const matching = credentials.filter(({ key }) => matchesKey(key, target));
    for (const { credential } of matching.toSorted((a, b) => compareKeys(a.key, b.key))) yield credential;
  }

  /** A token that a registry refuses before its time is asked for anew. */
  refused(credential: Credential): void {
    const secret = JSON.stringify(credential);
    for (const [name, { answer, gotMs }] of this.#kept) {
      const isOurs = answer.credentials.some((one) => JSON.stringify(one.credential) === secret);
      if (isOurs && this.#nowMs() >= gotMs + PAUSE_MS) this.#kept.delete(name);
    }
  }

  async #answer(target: CredentialTarget, signal?: AbortSignal): Promise<ProviderAnswer> {
    const names = cacheNames(target);
    for (const name of Object.values(names)) {
      const kept = this.#kept.get(name);
      if (kept !== undefined && this.#nowMs() < kept.untilMs) return kept.answer;
    }
    if (this.#failure !== undefined && this.#nowMs() < this.#failure.untilMs) throw this.#failure.error;
    const image = names.Image;
    let running = this.#running.get(image);
    if (running === undefined) {
      running = this.#run(image, names).finally(() => this.#running.delete(image));
      this.#running.set(image, running);
    }
    return abortable(running, signal);
  }

  async #run(image: string, names: ReturnType<typeof cacheNames>): Promise<ProviderAnswer> {
    const { name, command, args, env, cacheMs } = this.#config;
    try {
      const input = encodeProviderRequest(image);
      const answer = parseProviderResponse(
        await runSecretProgram({ command, args, env, input, timeoutMs: TIMEOUT_MS }),
      );
      this.#failure = undefined;
      const gotMs = this.#nowMs();
      this.#forgetOld(gotMs);
      const untilMs = gotMs + (answer.cacheMs ?? cacheMs);
      this.#kept.set(names[answer.cacheKeyType], { answer, gotMs, untilMs });
      return answer;
    } catch (cause) {
      const error = new UserError(`the credential provider ${name}: ${describeError(cause)}`);
      this.#failure = { error, untilMs: this.#nowMs() + PAUSE_MS };
      throw error;
    }
  }

  #forgetOld(nowMs: number): void {
    for (const [name, { untilMs }] of this.#kept) if (untilMs <= nowMs) this.#kept.delete(name);
  }
}

/** Under which names an answer for a target may be kept. A registry has no slash, so they differ. */
function cacheNames({ registry, repository }: CredentialTarget): { Image: string; Registry: string; Global: string } {
  return { Image: `${registry}/${repository}`, Registry: registry, Global: '' };
}
