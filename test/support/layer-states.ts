// Assertions on how the layers of an image came: from afar, or in the ordinary way.
import assert from 'node:assert/strict';
import type { LayerStatus } from '../../src/daemon/status.ts';

/** Layers as the daemon reports them, and the digests in a content store. */
export interface PulledLayers {
  readonly layers: readonly LayerStatus[];
  readonly content: ReadonlySet<string>;
}

/** There are `count` layers, each is mounted from afar, and the blob of none was downloaded. */
export function assertLazy({ layers, content }: PulledLayers, count: number): void {
  for (const { digest, state, reason } of layers) {
    assert.notEqual(state, 'ordinary', reason);
    assert.ok(!content.has(digest), `${digest} was downloaded into the content store`);
  }
  assert.equal(layers.length, count);
  assert.equal(new Set(layers.map(({ digest }) => digest)).size, count);
}

/** There are `count` layers, each was downloaded, and the daemon says why: `kind`, with a reason like `reason`. */
export function assertOrdinary(
  { layers, content }: PulledLayers,
  expected: { readonly count: number; readonly kind: LayerStatus['kind']; readonly reason: RegExp },
): void {
  for (const { digest, state, kind, reason } of layers) {
    assert.equal(state, 'ordinary');
    assert.equal(kind, expected.kind, reason);
    assert.match(reason ?? '', expected.reason);
    assert.ok(content.has(digest), `${digest} is not in the content store`);
  }
  assert.equal(layers.length, expected.count);
}
