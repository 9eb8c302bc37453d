// Secrets on disk: one file, sealed with AES-256-GCM. The key lies in the state folder, which is in memory and gone after a
// reboot; so a copy of the disk, of a backup or of either file alone is worth nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Which format it is; also covered by the tag. */
const HEAD = Buffer.from('lazypull sealed 1\n');

/** magic, nonce (12), tag (16), ciphertext. A new nonce for every sealing. */
export function seal(plain: Uint8Array, key: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(HEAD);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([HEAD, nonce, cipher.getAuthTag(), body]);
}

/** The inverse of `seal`; undefined for what was sealed with another key, or changed, or is something else. */
export function unseal(sealed: Uint8Array, key: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(sealed);
  const at = HEAD.length + NONCE_BYTES + TAG_BYTES;
  if (bytes.length < at || !bytes.subarray(0, HEAD.length).equals(HEAD)) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(HEAD.length, HEAD.length + NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(HEAD);
  decipher.setAuthTag(bytes.subarray(at - TAG_BYTES, at));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(at)), decipher.final()]);
  } catch {
    return undefined;
  }
}

export interface SealedFileOptions {
  /** Where the sealed bytes lie, and where the key. */
  readonly path: string;
  readonly keyPath: string;
}

/** One secret on disk. Both files have mode 0600, and are replaced whole. */
export class SealedFile {
  readonly #options: SealedFileOptions;
  #key: Buffer | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SealedFileOptions) {
    this.#options = options;
  }

  /** What was written last; undefined when there is nothing, or nothing that this key opens. */
  async read(): Promise<Buffer | undefined> {
    const [sealed, key] = await Promise.all([readIfThere(this.#options.path), readIfThere(this.#options.keyPath)]);
    if (key?.length !== KEY_BYTES) return undefined;
    this.#key = key;
    return sealed === undefined ? undefined : unseal(sealed, key);
  }

  /** Replaces it. Call `read` first: else a key that is there is replaced, too. @throws the disk's error. */
  write(plain: Uint8Array): Promise<void> {
    const write = async (): Promise<void> => {
      this.#key ??= await this.#newKey();
      await replaceFile(this.#options.path, seal(plain, this.#key));
    };
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }

  async #newKey(): Promise<Buffer> {
    const key = randomBytes(KEY_BYTES);
    await replaceFile(this.#options.keyPath, key);
    return key;
  }
}

/** With its mode before it has its name, and its bytes on disk before that. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  // The umask may have taken away what we need ourselves.
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
