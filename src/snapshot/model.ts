// The nouns of containerd's snapshot API, free of gRPC and of the database. A snapshot is one layer's place in a
// chain: active while it is written, committed when it may be a parent, view when it is only looked at.
// Specification: containerd's docs/snapshotters and its snapshots v1 API.
import type { Digest } from '../oci/digest.ts';
import type { Labels } from './lazy.ts';

export type SnapshotKind = 'view' | 'active' | 'committed';

/** What Stat, List and Update answer. */
export interface SnapshotInfo {
  /** The key of an active or view snapshot, the name of a committed one. Unique in its store. */
  readonly name: string;
  /** Name of the parent; empty for none. */
  readonly parent: string;
  readonly kind: SnapshotKind;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly labels: Labels;
}

/** What a snapshot takes on disk by itself, without its parents. */
export interface Usage {
  /** Allocated bytes. */
  readonly size: number;
  readonly inodes: number;
}

export const NO_USAGE: Usage = { size: 0, inodes: 0 };

/** A snapshot as the store knows it. */
export interface Snapshot extends SnapshotInfo {
  /** Unique in its store for ever, also after the snapshot is gone. */
  readonly id: number;
  readonly usage: Usage;
  /** The layer that is mounted in place of a directory of ours; undefined for an ordinary snapshot. */
  readonly layerDigest: Digest | undefined;
}

/** One mount(8) of several that a client makes, in order. */
export interface Mount {
  readonly type: 'bind' | 'overlay';
  readonly source: string;
  readonly options: readonly string[];
}
