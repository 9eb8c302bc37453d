// A status with something in every field, for tests of what shows it.
import { digestOf } from '../../src/oci/digest.ts';
import type { DaemonStatus } from '../../src/daemon/status.ts';

/** Two images of which one shares a layer; one fallback. */
export function sampleStatus(): DaemonStatus {
  const [base, app, other] = ['base', 'app', 'other'].map((name) => digestOf(Buffer.from(name)));
  if (base === undefined || app === undefined || other === undefined) throw new Error('unreachable');
  const shared = {
    digest: base,
    size: 1000,
    state: 'complete',
    presentBytes: 3000,
    imageBytes: 3000,
    fetchedBytes: 1000,
    requests: 4,
    faults: 2,
    waitedMs: 310,
    usedChunks: 20,
    usedBytes: 2500,
    hitChunks: 15,
    firstReadMs: 1_700_000_003_000,
    restoredBytes: 700,
  } as const;
  const lazy = {
    digest: app,
    size: 9000,
    state: 'lazy',
    presentBytes: 100,
    imageBytes: 20_000,
    fetchedBytes: 80,
    requests: 1,
    faults: 1,
    waitedMs: 0,
    usedChunks: 0,
    usedBytes: 0,
    hitChunks: 0,
    restoredBytes: 0,
  } as const;
  return {
    version: '0.1.0',
    pid: 4711,
    startedSec: 1_700_000_000,
    generation: 3,
    tier: 'A',
    tierReason: 'EROFS mounts from a file',
    transport: 'wire',
    consumers: [{ name: 'containerd', socket: '/run/lazypull/snapshotter.sock', snapshots: 5 }],
    images: [
      {
        ref: 'registry.test/app:1',
        consumer: 'containerd',
        layers: [shared, { ...lazy, prefetch: { state: 'done', bytes: 50 } }],
        timeline: {
          askedMs: 1_700_000_001_000,
          mountedMs: 1_700_000_001_400,
          startedMs: 1_700_000_002_900,
          firstReadMs: 1_700_000_003_000,
        },
      },
      {
        ref: 'registry.test/other:1',
        layers: [
          shared,
          {
            digest: other,
            state: 'ordinary',
            kind: 'not-estargz',
            reason: 'the blob has no table of contents',
            presentBytes: 0,
            imageBytes: 0,
            fetchedBytes: 0,
            requests: 0,
            faults: 0,
            waitedMs: 0,
            usedChunks: 0,
            usedBytes: 0,
            hitChunks: 0,
            restoredBytes: 0,
          },
        ],
        timeline: { askedMs: 1_700_000_099_000 },
      },
    ],
    credentials: [
      { kind: 'cri', count: 2, ok: true, detail: 'pulls' },
      { kind: 'kubernetes', count: 1, ok: false, detail: 'it is away' },
    ],
    history: [
      {
        ref: 'registry.test/gone:1',
        consumer: 'containerd',
        layers: [shared],
        timeline: { askedMs: 1_700_000_000_500, mountedMs: 1_700_000_000_700 },
      },
    ],
    fallbacks: [
      {
        timeSec: 1_700_000_100,
        ref: 'registry.test/other:1',
        layer: other,
        kind: 'not-estargz',
        reason: 'the blob has no table of contents',
      },
    ],
    cache: { layers: 2, bytes: 12_345, sizeLimitBytes: 1_000_000 },
    residentBytes: 99_000_000,
    totals: {
      registryRequests: 11,
      registryRetries: 1,
      fetchedBytes: 1080,
      transferMs: 400,
      reads: 200,
      readBytes: 400_000,
      faults: 3,
      waitedMs: 320,
      usedChunks: 21,
      usedBytes: 2600,
      hitChunks: 16,
      readErrors: 4,
      verificationErrors: 5,
      lazyMounts: 2,
      fallbacks: { 'not-estargz': 1, registry: 2 },
    },
  };
}
