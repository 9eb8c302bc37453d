// Values for the inputs of docker/build-push-action, so that what a job builds is lazily pullable in the next one. Docker's
// own exporter and BuildKit's take the same words, and one that does not know eStargz (Docker without containerd's image
// store) leaves them unread.
import { parseReference } from '../src/oci/reference.ts';
import { FormatError, UserError } from '../src/errors.ts';
import type { EngineReady } from './engine/model.ts';

export interface BuildValues {
  readonly outputs: string;
  /** '' without a reference for the cache. */
  readonly cacheFrom: string;
  /** '' also where Docker can't export a cache. */
  readonly cacheTo: string;
}

/** Whether to push is not said: `push: true` of the build adds it, so that `push: false` of a pull request keeps its meaning. */
const OUTPUTS = 'type=image,oci-mediatypes=true,compression=estargz';
/** Docker does not keep the result then, for which it would download all of the base. */
const NOT_STORED = ',store=false';
/** Older ones let Docker push the stored result once more. */
const DIRECT_PUSH = { major: 0, minor: 22 };
/**
 * A cache is a favour: a registry that refuses it, as in a pull request of a fork, fails no build. It names no compression: what
 * is pushed as eStargz is eStargz in the cache, too; told to write what the image has already, BuildKit 0.32 leaves out every
 * result whose base is lazy, that is all of them (test/e2e/build-cache.test.ts).
 */
const CACHE_TO = 'mode=max,oci-mediatypes=true,image-manifest=true,ignore-error=true';

/**
 * `engine` is undefined when nothing was set up: builds go on as they would without us.
 * @param buildx its version, e.g. `0.36.1`
 */
export function buildValues(
  engine: EngineReady['engine'] | undefined,
  buildx: string | undefined,
  cacheRef: string,
): BuildValues {
  const outputs = engine === 'docker' && pushesDirectly(buildx) ? OUTPUTS + NOT_STORED : OUTPUTS;
  if (cacheRef === '') return { outputs, cacheFrom: '', cacheTo: '' };
  const from = `type=registry,ref=${cacheRef}`;
  // Docker's builder over its classic store fails a build that is told to export a cache.
  const mayExport = engine === 'docker' || engine === 'buildkit';
  return { outputs, cacheFrom: from, cacheTo: mayExport ? `${from},${CACHE_TO}` : '' };
}

/** A version that nobody can read is not taken for a new one. */
function pushesDirectly(buildx = ''): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(buildx) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > DIRECT_PUSH.major || Number(minor) >= DIRECT_PUSH.minor;
}

/** Input `cache-ref`. @throws UserError for what no cache can be pushed to. */
export function checkCacheRef(text: string): string {
  if (text === '') return '';
  const remedy = 'Write a name with a tag of its own, e.g. ghcr.io/my-org/app:buildcache.';
  try {
    const { tag, digest } = parseReference(text);
    // Without a tag it would be `latest`, where the image itself is.
    if (tag !== undefined && digest === undefined) return text;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new UserError(`input 'cache-ref': ${cause.message}`, remedy, { cause });
  }
  throw new UserError(`input 'cache-ref': got '${text}'`, remedy);
}
