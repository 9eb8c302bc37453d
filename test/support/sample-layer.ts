// A small eStargz layer of which every byte is known, for drills.
import { digestsOf, EIO, noiseFiles } from './drill.ts';
import { buildEstargz, type BuildOptions, type BuiltLayer } from './estargz.ts';

const KIB = 1024;

/** Four files of 128 KiB, two chunks each. Every test has its own, by `seed`. */
export class Sample {
  readonly built: BuiltLayer;
  readonly wanted: ReadonlyMap<string, string>;
  readonly names: readonly string[];

  constructor(seed: number, options: BuildOptions = {}) {
    const entries = noiseFiles(4, 128 * KIB, seed);
    this.built = buildEstargz(entries, { chunkSize: 64 * KIB, ...options });
    this.wanted = digestsOf(entries);
    this.names = [...this.wanted.keys()];
  }

  /** What reading gives when the files `broken` can't be read. */
  withBroken(...broken: number[]): Map<string, string> {
    return new Map(this.names.map((name, i) => [name, broken.includes(i) ? EIO : this.wanted.get(name)!]));
  }

  /** An offset of the blob within the first chunk of a file. */
  inside(file: number): number {
    const { entries } = JSON.parse(this.built.tocJson.toString()) as { entries: { name: string; offset?: number }[] };
    return (entries.find(({ name }) => name === this.names[file])?.offset ?? 0) + 1000;
  }
}
