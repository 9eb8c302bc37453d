// The file of `docker buildx build --metadata-file`: later steps read the digest there, so it must say what was exported
// instead of what was built. Everything else in it stays. `bake` writes one such document for each target, in one file.
// https://docs.docker.com/reference/cli/docker/buildx/build/#metadata-file
import { randomBytes } from 'node:crypto';
import { access, constants, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LazypullError, UserError, describeError } from '../errors.ts';
import { formatReference, type ImageReference } from '../oci/reference.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { PackagedImage } from '../oci/package-url.ts';
import { imagesOfPredicate } from '../optimize/provenance.ts';

/** One for the whole build, or with the platform behind it. */
const PROVENANCE = 'buildx.build.provenance';
const DESCRIPTOR = 'containerimage.descriptor';
const DIGEST = 'containerimage.digest';
const CONFIG_DIGEST = 'containerimage.config.digest';
const NAME = 'image.name';
const POLL_MS = 20;

type Json = Record<string, unknown>;

/** What was exported. */
export interface ExportedImage {
  /** With the platform, when it is one image. */
  readonly descriptor: Descriptor;
  /** undefined for an index. */
  readonly config: Digest | undefined;
  readonly tags: readonly ImageReference[];
}

/** One metadata file. */
export class BuildMetadata {
  readonly path: string;
  readonly #target: string | undefined;
  readonly #before: string;

  private constructor(path: string, target: string | undefined, before: string) {
    this.path = path;
    this.#target = target;
    this.#before = before;
  }

  /**
   * Notes how the file is now; it need not be there. `target` is that of a bake file.
   * @throws UserError when it could not be written.
   */
  static async open(path: string, target: string | undefined): Promise<BuildMetadata> {
    const folder = dirname(resolve(path));
    try {
      await access(folder, constants.W_OK);
    } catch (cause) {
      throw new UserError(`--metadata-file: can't write into ${folder}: ${describeError(cause)}`, undefined, { cause });
    }
    return new BuildMetadata(path, target, await stampOf(path));
  }

  /** Whether it was there at first. */
  get isThere(): boolean {
    return this.#before !== '';
  }

  /**
   * Waits until the file is another one than it was: buildx closes its pipe first and writes the file then.
   * @returns whether it was written within this time.
   */
  async written(withinMs: number, signal: AbortSignal): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
      if ((await stampOf(this.path)) !== this.#before) return true;
      await sleep(POLL_MS, undefined, { signal });
    }
    return false;
  }

  /** Images that the build was made from, as far as the file says. @throws UserError when it is not such a file. */
  async materials(): Promise<PackagedImage[]> {
    const own = this.#own(await this.#read());
    return Object.entries(own)
      .filter(([key]) => key === PROVENANCE || key.startsWith(`${PROVENANCE}/`))
      .flatMap(([, predicate]) => imagesOfPredicate(predicate));
  }

  /** Says what was exported, in one step. @throws UserError when it is not such a file; LazypullError when it can't be written. */
  async write({ descriptor, config, tags }: ExportedImage): Promise<void> {
    const document = await this.#read();
    const { [CONFIG_DIGEST]: _config, [DESCRIPTOR]: _descriptor, ...rest } = this.#own(document);
    const own: Json = {
      ...rest,
      ...(config === undefined ? {} : { [CONFIG_DIGEST]: config }),
      [DESCRIPTOR]: descriptor,
      [DIGEST]: descriptor.digest,
      [NAME]: tags.map((tag) => formatReference(tag)).join(','),
    };
    const written = this.#target === undefined ? own : { ...document, [this.#target]: sorted(own) };
    await replaceFile(this.path, JSON.stringify(sorted(written), undefined, 2));
  }

  async #read(): Promise<Json> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw new UserError(`--metadata-file: can't read it: ${describeError(cause)}`, undefined, { cause });
    }
    if (text.trim() === '') return {};
    try {
      const document: unknown = JSON.parse(text);
      if (isObject(document)) return document;
    } catch {
      // Told below.
    }
    throw new UserError(
      `--metadata-file: ${this.path} is not a JSON object`,
      'Name the file that buildx writes, or a new one.',
    );
  }

  #own(document: Json): Json {
    const targets = Object.entries(document).filter(([, value]) => isOfBuild(value));
    if (this.#target !== undefined) {
      const own = document[this.#target];
      return isObject(own) ? own : {};
    }
    if (targets.length === 0 || isOfBuild(document)) return document;
    throw new UserError(
      `--metadata-file: ${this.path} has several targets, and none is named`,
      `Add --target NAME. There is: ${targets.map(([name]) => name).join(', ')}`,
    );
  }
}

/** Writes a file so that readers see the old one or the new one. @throws LazypullError */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new LazypullError('SYSTEM', `can't write ${path}: ${describeError(cause)}`, { cause });
  }
}

/** Whether a value is what buildx writes of one build. */
function isOfBuild(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((key) => /^(buildx\.build|containerimage)\./.test(key));
}

/** As buildx writes it. */
function sorted(document: Json): Json {
  return Object.fromEntries(Object.entries(document).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What tells one state of a file from another; '' when it is not there. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch {
    return '';
  }
}
