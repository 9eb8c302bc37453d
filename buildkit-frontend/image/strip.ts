// A program without what only debuggers read. Of Node's 127 MB these are 18: symbols and debug sections behind the last
// segment that the kernel loads. They are cut off, with the table of sections that tells of them; `strip` of binutils does no
// more, but not everybody who builds the image has it.
// ELF-64: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html, ch5.pheader.html
import { FormatError } from '../../src/errors.ts';

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const PT_LOAD = 1;
const HEADER_BYTES = 64;

/**
 * The program, to be run as before. Its bytes are the caller's; what is returned shares them where it can.
 * Programs of other widths and byte orders stay as they are: Node has hardly any.
 * @throws FormatError for what is no ELF program, or one that has no segment.
 */
export function stripProgram(program: Buffer): Buffer {
  if (program.length < HEADER_BYTES || !program.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new FormatError('not an ELF program: it does not begin with 7f 45 4c 46');
  }
  if (program[4] !== CLASS_64 || program[5] !== LITTLE_ENDIAN) return program;
  const header = Buffer.from(program.subarray(0, HEADER_BYTES));
  // e_shoff, e_shnum, e_shstrndx
  header.writeBigUInt64LE(0n, 0x28);
  header.writeUInt16LE(0, 0x3c);
  header.writeUInt16LE(0, 0x3e);
  return Buffer.concat([header, program.subarray(HEADER_BYTES, loadedEnd(program))]);
}

/** Where the last segment ends that is loaded from the file. */
function loadedEnd(program: Buffer): number {
  // e_phoff, e_phentsize, e_phnum
  const table = Number(program.readBigUInt64LE(0x20));
  const [entryBytes, count] = [program.readUInt16LE(0x36), program.readUInt16LE(0x38)];
  let end = 0;
  for (let at = table; at < table + entryBytes * count; at += entryBytes) {
    if (program.readUInt32LE(at) !== PT_LOAD) continue;
    // p_offset, p_filesz
    end = Math.max(end, Number(program.readBigUInt64LE(at + 8) + program.readBigUInt64LE(at + 32)));
  }
  if (end < HEADER_BYTES || end > program.length) {
    throw new FormatError(`an ELF program whose segments end at ${end} of ${program.length} bytes`);
  }
  return end;
}
