// Every request but READ (and INIT, which is answered before anybody serves): pure functions from a request and the
// table of files to a reply. Few of these ever come: EROFS looks a file up and opens it once per mount.
import { Errno, Opcode, OpenFlag, ROOT_ID } from './abi.ts';
import type { FileTable } from './file-table.ts';
import { encodeAttributes, encodeDirectory, encodeEntry, encodeOpen, encodeStatfs, encodeStatus } from './reply.ts';
import { type RequestHeader, parseName, parseReadBody } from './request.ts';

/**
 * EROFS opens a layer image once per mount and caches what it reads, so a second copy in FUSE's page cache is of no use.
 * Medians of 7 alternating runs (test/bench/fuse.ts, kernel 6.18, image in memory, two cores busy with other work, so
 * they spread widely): direct 1360 MB/s in order, 31 us a random 4 KiB, 29,000 cold small files a second; KEEP_CACHE
 * 240 MB/s, 38 us, 47,000. The small files come from read-ahead across files: of an incomplete image it would fetch
 * bytes that nobody asked for. OPEN answered with ENOSYS can't be direct.
 */
const OPEN_FLAGS = OpenFlag.DIRECT_IO;

/**
 * The reply to a request that is not READ, or undefined where the protocol has none (FORGET).
 * @throws FormatError when the request is not well-formed; the caller answers EIO.
 */
export function answer(buffer: Buffer, header: RequestHeader, files: FileTable): Buffer | undefined {
  const { opcode, unique, nodeId } = header;
  switch (opcode) {
    case Opcode.LOOKUP:
      return answerLookup(buffer, header, files);
    case Opcode.FORGET:
    case Opcode.BATCH_FORGET:
      return undefined; // nodes are never reused and cost nothing: there is nothing to count
    case Opcode.GETATTR: {
      const node = files.attributes(nodeId);
      return node === undefined ? encodeStatus(unique, Errno.ESTALE) : encodeAttributes(unique, node);
    }
    case Opcode.OPEN:
      return files.lookup(nodeId) === undefined ? encodeStatus(unique, Errno.ESTALE) : encodeOpen(unique, OPEN_FLAGS);
    case Opcode.OPENDIR:
      return nodeId === ROOT_ID ? encodeOpen(unique, 0) : encodeStatus(unique, Errno.ESTALE);
    case Opcode.READDIR: {
      if (nodeId !== ROOT_ID) return encodeStatus(unique, Errno.ESTALE);
      const { offset, size } = parseReadBody(buffer, header);
      return encodeDirectory(unique, files.names(), offset, size);
    }
    case Opcode.STATFS:
      return encodeStatfs(unique, files.totals());
    case Opcode.RELEASE:
    case Opcode.RELEASEDIR:
    case Opcode.FLUSH:
    case Opcode.DESTROY:
      return encodeStatus(unique, 0);
    default:
      // Also INTERRUPT: ENOSYS tells the kernel not to send it again. A read that a signal interrupts still gets its
      // data; an EINTR would reach readers that share the page and were not interrupted, as EIO.
      return encodeStatus(unique, Errno.ENOSYS);
  }
}

function answerLookup(buffer: Buffer, header: RequestHeader, files: FileTable): Buffer {
  if (header.nodeId !== ROOT_ID) return encodeStatus(header.unique, Errno.ENOENT);
  const file = files.lookupName(parseName(buffer, header));
  return file === undefined ? encodeStatus(header.unique, Errno.ENOENT) : encodeEntry(header.unique, file);
}
