// gzip members and zstd frames, each compressed in one call: synchronous, for workers. The bytes depend on the input, the
// level and the version of the compressor that Node has.
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';

/** How members are compressed. */
export interface MemberOptions {
  readonly compression: 'gzip' | 'zstd';
  /** gzip 0 to 9, zstd 1 to 22. */
  readonly level: number;
}

// Offset of the OS byte in a gzip header (RFC 1952), and the value for "unknown": zlib writes what it was built for.
const OS_AT = 9;
const OS_UNKNOWN = 255;

/** The member that holds `plain`, which is not empty. */
export function compressMember(plain: Uint8Array, { compression, level }: MemberOptions): Uint8Array {
  // Room for what does not compress, so that the output is in one piece. At level 0 it also decides how long blocks are,
  // so it depends on the input alone.
  const chunkSize = plain.length + Math.ceil(plain.length / 128) + 8192;
  if (compression === 'gzip') {
    const member = gzipSync(plain, { level, chunkSize });
    member[OS_AT] = OS_UNKNOWN;
    return member;
  }
  // The frame says how long its content is, and small contents get small tables.
  return zstdCompressSync(plain, {
    chunkSize,
    pledgedSrcSize: plain.length,
    params: { [constants.ZSTD_c_compressionLevel]: level },
  });
}

/** Members one behind the other, in a buffer that is replaced by a longer one when it must: what does not compress gets longer. */
export class MemberOutput {
  readonly ends: number[] = [];
  readonly #options: MemberOptions;
  #buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer, options: MemberOptions) {
    this.#buffer = buffer;
    this.#options = options;
  }

  /** All members so far: a view of the buffer. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, 0, this.ends.at(-1) ?? 0);
  }

  /** Adds the member that holds `plain`. @returns its size. */
  add(plain: Uint8Array): number {
    const member = compressMember(plain, this.#options);
    const start = this.ends.at(-1) ?? 0;
    const end = start + member.length;
    if (end > this.#buffer.byteLength) {
      const longer = new Uint8Array(Math.ceil(1.25 * end));
      longer.set(this.bytes);
      this.#buffer = longer.buffer;
    }
    new Uint8Array(this.#buffer).set(member, start);
    this.ends.push(end);
    giveBack(member);
    return end - start;
  }

  /** Takes the last member out again. */
  removeLast(): void {
    this.ends.pop();
  }
}

/** What the parts are together as one member, in memory of its own. The parts are given back, too. */
export function compressParts(parts: readonly Uint8Array[], options: MemberOptions): Uint8Array<ArrayBuffer> {
  const plain = Buffer.concat(parts);
  for (const part of parts) giveBack(part);
  const output = compressMember(plain, options);
  giveBack(plain);
  const member = new Uint8Array(output);
  giveBack(output);
  return member;
}

// V8 sees little garbage in a worker but these buffers, and would let 64 MiB of them gather before it collects. Small ones
// are in the pool that Buffers share, which can't be given back.
function giveBack({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength !== Buffer.poolSize) buffer.transfer(0);
}
