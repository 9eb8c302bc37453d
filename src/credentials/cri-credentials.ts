// Credentials of CRI pulls, remembered by exact repository: what kubelet pulled an image with is what its layers are read
// with, also after a restart of the daemon. A pull that fails leaves nothing behind.
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { CredentialTarget } from '../registry/credential-key.ts';
import type { Credential, CredentialSource } from '../registry/credentials.ts';
import type { PullCredential } from './cri-auth.ts';
import { parseRemembered, printRemembered, type Remembered } from './cri-record.ts';
import { SealedFile, type SealedFileOptions } from './seal.ts';

/** Repositories; the one that was not used for longest goes first. */
const MAX_REPOSITORIES = 1000;
/** Uses are written down this coarsely: a read must not cost a write. */
const USE_STEP_MS = 600_000;

export interface CriCredentialsOptions extends SealedFileOptions {
  /** How long after its last use a credential is forgotten. */
  readonly keepMs: number;
  readonly log: Logger;
  readonly nowMs?: () => number;
}

/** A pull that is under way. Exactly one of the two is to be called. */
export interface PullAttempt {
  /** Resolves when its credential outlives this process, or the log says that it does not. */
  succeeded(): Promise<void>;
  failed(): void;
}

export class CriCredentials implements CredentialSource {
  readonly #keepMs: number;
  readonly #log: Logger;
  readonly #nowMs: () => number;
  readonly #file: SealedFile;
  /** By repository, in the order of their last uses. */
  readonly #remembered = new Map<string, Remembered>();
  /** Pulls under way by repository, newest last: their layers are mounted before they succeed. */
  readonly #pending = new Map<string, Credential[]>();

  private constructor(options: CriCredentialsOptions) {
    this.#keepMs = options.keepMs;
    this.#log = options.log;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#file = new SealedFile(options);
  }

  /** With what an earlier process remembered. What can't be read is forgotten, with a line in the log. */
  static async open(options: CriCredentialsOptions): Promise<CriCredentials> {
    const credentials = new CriCredentials(options);
    try {
      const plain = await credentials.#file.read();
      for (const [repository, one] of plain === undefined ? [] : parseRemembered(plain))
        credentials.#remembered.set(repository, one);
    } catch (error) {
      options.log.warn('credentials of earlier pulls are forgotten', { error: describeError(error) });
    }
    credentials.#forget();
    return credentials;
  }

  /** How many repositories there are credentials for. */
  get size(): number {
    return this.#remembered.size;
  }

  /** A pull begins: what it brings counts until it ends, and if it succeeds, afterwards. */
  begin({ repository, credential }: PullCredential): PullAttempt {
    const pending = this.#pending.get(repository) ?? [];
    this.#pending.set(repository, [...pending, credential]);
    const end = (): void => {
      const left = this.#pending.get(repository)?.filter((one) => one !== credential) ?? [];
      if (left.length === 0) this.#pending.delete(repository);
      else this.#pending.set(repository, left);
    };
    return {
      failed: end,
      succeeded: async () => {
        end();
        await this.#remember(repository, credential);
      },
    };
  }

  async *lookup({ registry, repository }: CredentialTarget): AsyncGenerator<Credential> {
    const name = `${registry}/${repository}`;
    yield* this.#pending.get(name)?.toReversed() ?? [];
    this.#forget();
    const remembered = this.#remembered.get(name);
    if (remembered === undefined) return;
    this.#use(name, remembered);
    yield remembered.credential;
  }

  /** Writes down what is remembered. @throws the disk's error. */
  async save(): Promise<void> {
    await this.#file.write(printRemembered(this.#remembered));
  }

  async #remember(repository: string, credential: Credential): Promise<void> {
    const before = this.#remembered.get(repository);
    this.#remembered.delete(repository);
    this.#remembered.set(repository, { credential, usedMs: this.#nowMs() });
    this.#forget();
    const isNew = JSON.stringify(before?.credential) !== JSON.stringify(credential);
    if (isNew || this.#nowMs() - (before?.usedMs ?? 0) > USE_STEP_MS) await this.#saveLogged();
  }

  #use(repository: string, { credential, usedMs }: Remembered): void {
    if (this.#nowMs() - usedMs <= USE_STEP_MS) return;
    this.#remembered.delete(repository);
    this.#remembered.set(repository, { credential, usedMs: this.#nowMs() });
    void this.#saveLogged();
  }

  #forget(): void {
    for (const [repository, { usedMs }] of this.#remembered) {
      const isFresh = usedMs + this.#keepMs > this.#nowMs();
      if (isFresh && this.#remembered.size <= MAX_REPOSITORIES) break;
      this.#remembered.delete(repository);
    }
  }

  async #saveLogged(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      this.#log.warn("can't write down the credentials of a pull: a restart will forget them", {
        error: describeError(error),
      });
    }
  }
}
