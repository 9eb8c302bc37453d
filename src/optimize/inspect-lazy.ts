// Would a layer be mounted where it is, and if not, why: for lazypull, and for containerd's stargz-snapshotter (the Go one).
import { isHole } from '../estargz/model.ts';
import type { ChunkTable, Toc } from '../estargz/model.ts';
import { MAX_MEMBER_BYTES } from '../layer/policy.ts';
import { TOC_DIGEST } from '../oci/annotations.ts';
import { keepsAnnotations } from '../oci/manifest.ts';
import { tocPromiseOf } from '../oci/toc-promise.ts';
import type { StoredFormat, Verdict } from './inspect-model.ts';
import type { LayerToc } from './inspect-toc.ts';

/** What is known of a layer. */
export interface LazyFacts {
  readonly format: StoredFormat;
  /** Of the manifest. */
  readonly manifestType: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** The table of contents, or why it can't be read; undefined for layers that have none. */
  readonly toc: LayerToc | { readonly problem: string } | undefined;
}

const LAZY: Verdict = { lazy: true, reason: null };

/** What lazypull would do with a layer. */
export function lazypullVerdict(facts: LazyFacts): Verdict {
  return verdict(commonReason(facts) ?? promiseReason(facts, true) ?? tocReason(facts.toc));
}

/** What the Go stargz-snapshotter would do. */
export function stargzSnapshotterVerdict(facts: LazyFacts): Verdict {
  const { format, toc } = facts;
  const foreign =
    format === 'zstd:chunked-containers'
      ? 'it does not know the zstd:chunked of containers/storage (Podman)'
      : undefined;
  return verdict(
    commonReason(facts) ??
      foreign ??
      promiseReason(facts, false) ??
      (toc === undefined || 'problem' in toc ? undefined : unverifiable(toc.toc)),
  );
}

function verdict(reason: string | undefined): Verdict {
  return reason === undefined ? LAZY : { lazy: false, reason };
}

function commonReason({ format, toc }: LazyFacts): string | undefined {
  if (format === 'other') return 'it is no container layer';
  if (toc === undefined) {
    return format === 'unreadable'
      ? 'it can not be read'
      : `an ordinary ${nameOfOrdinary(format)} layer without a table of contents`;
  }
  return 'problem' in toc ? toc.problem : undefined;
}

function nameOfOrdinary(format: StoredFormat): string {
  return format === 'tar' ? 'uncompressed' : format;
}

// Whether the manifest vouches for this table of contents.
function promiseReason(facts: LazyFacts, knowsChecksums: boolean): string | undefined {
  const { annotations, toc, manifestType } = facts;
  if (toc === undefined || 'problem' in toc) return undefined;
  const { tocDigest, tocChecksum } = tocPromiseOf({ annotations });
  if (tocDigest !== undefined) return tocDigest === toc.digest ? undefined : otherToc(`${TOC_DIGEST} is ${tocDigest}`);
  if (tocChecksum !== undefined && knowsChecksums) {
    return tocChecksum === toc.checksum ? undefined : otherToc(`the checksum of the compressed one is ${tocChecksum}`);
  }
  if (!keepsAnnotations(manifestType)) {
    return "its manifest is of Docker's format, which keeps no annotations: nothing vouches for the table of contents";
  }
  return `its descriptor has no annotation ${TOC_DIGEST}: nothing vouches for the table of contents`;
}

function otherToc(how: string): string {
  return `the manifest promises another table of contents: ${how}`;
}

function tocReason(toc: LazyFacts['toc']): string | undefined {
  return toc === undefined || 'problem' in toc ? undefined : whyNotLazy(toc.toc);
}

/** Why lazypull would not mount a layer with this table of contents, whatever vouches for that; undefined: it would. */
export function whyNotLazy(toc: Toc): string | undefined {
  return unverifiable(toc) ?? tooLarge(toc.chunks);
}

function unverifiable({ verifiable }: Toc): string | undefined {
  return verifiable ? undefined : 'its table of contents has chunks without digests';
}

function tooLarge(table: ChunkTable): string | undefined {
  for (let chunk = 0; chunk < table.count; chunk++) {
    const needed = table.innerOffset[chunk]! + table.size[chunk]!;
    if (needed > MAX_MEMBER_BYTES && !isHole(table, chunk)) {
      return `chunk ${chunk} at ${table.blobOffset[chunk]} of the blob decodes ${needed} bytes, ${MAX_MEMBER_BYTES} are the limit`;
    }
  }
  return undefined;
}
