// A tar of files that is the same whenever and wherever it is written: entries by name, no times, no owners.
import { createReadStream } from 'node:fs';
import { FormatError } from '../errors.ts';
import { encodeEntry, NO_FIELDS, paddingOf } from '../tar/entry.ts';
import { BLOCK_SIZE } from '../tar/header.ts';

/** What an entry has in it; a folder has nothing. */
export type PackedContent = Uint8Array | { readonly path: string; readonly size: number };

const PIECE_BYTES = 1 << 20;

/** The archive of these files by name, and of the folders that they are in, in pieces. */
export async function* packArchive(files: ReadonlyMap<string, PackedContent>): AsyncGenerator<Uint8Array> {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  for (const name of [...files.keys(), ...folders].sort(byBytes)) {
    const content = files.get(name);
    if (content === undefined) {
      yield encodeEntry({ ...NO_FIELDS, name: Buffer.from(name), mode: 0o755, size: 0, typeflag: '5' });
      continue;
    }
    const size = content instanceof Uint8Array ? content.length : content.size;
    yield encodeEntry({ ...NO_FIELDS, name: Buffer.from(name), mode: 0o644, size, typeflag: '0' });
    if (content instanceof Uint8Array) yield content;
    else yield* readExactly(content);
    if (paddingOf(size) > 0) yield Buffer.alloc(paddingOf(size));
  }
  yield Buffer.alloc(2 * BLOCK_SIZE);
}

/** The folders above a name, each with a slash behind. */
function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, depth) => `${parts.slice(0, depth + 1).join('/')}/`);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function* readExactly({ path, size }: { path: string; size: number }): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  if (size > 0) {
    const stream = createReadStream(path, { end: size - 1, highWaterMark: PIECE_BYTES });
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      yield piece;
    }
  }
  if (bytes !== size) throw new FormatError(`${path} was changed while it was packed: ${bytes} bytes, not ${size}`);
}
