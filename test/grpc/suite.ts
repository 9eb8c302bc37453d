// containerd's contract of a snapshotter, as lists of named functions over the gRPC API. Each of them runs over every
// kind of base: none, and a remote layer.
import type { Harness } from './harness.ts';

/** `base` is the committed snapshot to build on; empty for none. */
export type Contract = readonly [title: string, run: (snapshots: Harness, base: string) => Promise<void>];

/** How a refused call is rejected. */
export function refused(code: string): { name: string; code: string } {
  return { name: 'LazypullError', code };
}
