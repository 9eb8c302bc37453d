// A registry as far as BuildKit shows it to frontends, which have no network and no credentials: BuildKit resolves a name
// to a digest, and fetches by digest whatever a registry has, manifests too, as if they were files of a build.
// https://github.com/moby/buildkit/blob/master/source/containerblob/blobfetch/fetch.go
import { LazypullError, RegistryError, VerificationError } from '../src/errors.ts';
import { digestOf, type Digest } from '../src/oci/digest.ts';
import { parseManifest } from '../src/oci/manifest.ts';
import { formatPlatform, type Platform } from '../src/oci/platform.ts';
import { formatReference, type ImageReference } from '../src/oci/reference.ts';
import type { FetchedManifest } from '../src/registry/client.ts';
import type { Bridge, ImageFacts } from './bridge.ts';
import { CallError } from './channel.ts';
import { blobSource, encodeDefinition } from './definition.ts';

export interface BridgeRegistryOptions {
  readonly bridge: Bridge;
  /** What `Ping` says of definitions. */
  readonly capabilities: ReadonlySet<string>;
  /** Names are resolved for it: a name without an image for it is none. */
  readonly platform: Platform;
  /** How the build resolves names: `default`, `pull`, `local` or ''. */
  readonly resolveMode: string;
}

const BLOB_SOURCE = 'source.imageblob';
const FILE = 'manifest.json';
/** How containerd's registry client ends, in BuildKit's words. */
const NOT_FOUND = /: not found$/;
/** What it says of a name that is there for other platforms. */
const OTHER_PLATFORM = /no match for platform in manifest/;

/** Reads manifests. Its answers are BuildKit's: names that are local to a Docker, mirrors and policies count. */
export class BridgeRegistry {
  readonly #options: BridgeRegistryOptions;
  readonly #resolved = new Map<string, Promise<ImageFacts>>();

  constructor(options: BridgeRegistryOptions) {
    this.#options = options;
  }

  /**
   * The digest that a name has, and its image's config: all that every BuildKit shows.
   * @throws CallError; LazypullError NOT_FOUND when there is no image for the platform, RegistryError 404 when there is none.
   */
  describe(reference: ImageReference, signal?: AbortSignal): Promise<ImageFacts> {
    const isBare = reference.digest === undefined && reference.tag === undefined;
    const name = formatReference(isBare ? { ...reference, tag: 'latest' } : reference);
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const answer = this.#resolve(name, signal);
    this.#resolved.set(name, answer);
    answer.catch(() => this.#resolved.delete(name));
    return answer;
  }

  /**
   * The manifest or index that `digest`, else the reference, names.
   * @throws LazypullError UNSUPPORTED when this BuildKit is too old; CallError; VerificationError; FormatError.
   */
  async fetchManifest(
    reference: ImageReference,
    options: { readonly digest?: Digest } = {},
    signal?: AbortSignal,
  ): Promise<FetchedManifest> {
    const digest = options.digest ?? reference.digest ?? (await this.describe(reference, signal)).digest;
    const bytes = await this.#fetch(reference, digest, signal);
    const manifest = parseManifest(bytes);
    return { descriptor: { mediaType: manifest.mediaType, digest, size: bytes.length }, bytes, manifest };
  }

  async #resolve(name: string, signal: AbortSignal | undefined): Promise<ImageFacts> {
    const { bridge, platform, resolveMode } = this.#options;
    const logName = `[lazypull] resolve ${name}`;
    try {
      return await bridge.resolveImage({ reference: name, platform, resolveMode, logName }, signal);
    } catch (error) {
      throw absentError(error, name, platform);
    }
  }

  async #fetch(reference: ImageReference, digest: Digest, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { bridge, capabilities } = this.#options;
    if (!capabilities.has(BLOB_SOURCE)) {
      throw new LazypullError(
        'UNSUPPORTED',
        'this BuildKit does not show manifests to frontends: use a newer one, or `lazypull policy`',
      );
    }
    const { registry, repository } = reference;
    const name = formatReference({ registry, repository, digest });
    const definition = encodeDefinition(blobSource(name, FILE, `[lazypull] load manifest ${name}`));
    const bytes = await bridge.readFile(await bridge.solve({ definition }, signal), FILE, signal);
    const actual = digestOf(bytes);
    if (actual !== digest) throw new VerificationError(`manifest of ${name}`, digest, actual);
    return bytes;
  }
}

/** Of an image that is not there, the error of a registry that says so; others stay. */
function absentError(error: unknown, name: string, platform: Platform): unknown {
  if (!(error instanceof CallError) || !NOT_FOUND.test(error.message)) return error;
  if (OTHER_PLATFORM.test(error.message)) {
    return new LazypullError('NOT_FOUND', `no image for ${formatPlatform(platform)}`, { cause: error });
  }
  const facts = { method: 'GET', url: name, status: 404, cause: error };
  return new RegistryError(`there is no ${name}`, facts);
}
