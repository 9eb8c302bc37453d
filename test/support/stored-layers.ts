// A layer, as the tests of the store have it.
import type { HeldLayer, StoredLayer } from '../../src/containers-storage/state.ts';
import { digestOf, type Digest } from '../../src/oci/digest.ts';

export const sha = (text: string): Digest => digestOf(Buffer.from(text));

export function storedLayer(name: string, index = 0): StoredLayer {
  return {
    index,
    digest: sha(`blob of ${name}`),
    size: 1000,
    compression: 'gzip',
    diffId: sha(`tar of ${name}`),
    labels: { [`label-of-${name}`]: 'x' },
  };
}

export function heldLayer(reference: string, name: string, index = 0): HeldLayer {
  return { reference, tocDigest: sha(`toc of ${name}`), layer: storedLayer(name, index), uses: 0 };
}
