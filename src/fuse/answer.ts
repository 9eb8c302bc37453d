// Every request but READ (and INIT, which is answered before anybody serves): pure functions from a request and the
// table of files to a reply. Few of these ever come: EROFS looks a file up and opens it once per mount.
import { Errno, Opcode, OpenFlag, ROOT_ID } from './abi.ts';
import type { FileTable } from './file-table.ts';
import {
  encodeAttributes,
  encodeDirectory,
  encodeEntry,
  encodeOpen,
  encodeStatfs,
  encodeStatus,
} from './reply.ts';
import { type RequestHeader, parseName, parseReadBody } from './request.ts';

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
      return files.lookup(nodeId) === undefined
        ? encodeStatus(unique, Errno.ESTALE)
        : process.env["OM"]==="no" ? encodeStatus(unique, 38) : encodeOpen(unique, Number(process.env["OM"]??2));
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
