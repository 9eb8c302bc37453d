// The beginning of a FUSE connection: the kernel's INIT request and what we make of it. Done once per mount, by the
// process that mounts; whoever serves later inherits a connection that is already settled.
import { fstatSync, readSync, writeSync } from 'node:fs';
import { FormatError, LazypullError } from '../errors.ts';
import { FUSE_MAJOR, FUSE_MINOR, FUSE_OLDEST_MINOR, InitFlag, MAX_PAGES, Opcode, REQUEST_BUFFER_SIZE } from './abi.ts';
import { type InitReply, encodeInit } from './reply.ts';
import { type InitBody, parseInitBody, parseRequestHeader } from './request.ts';

/** All that we can make use of; what the kernel does not offer is left out. */
const WANTED =
  InitFlag.ASYNC_READ |
  InitFlag.ASYNC_DIO |
  InitFlag.PARALLEL_DIROPS |
  InitFlag.MAX_PAGES |
  InitFlag.EXPLICIT_INVAL_DATA |
  InitFlag.INIT_EXT |
  InitFlag.HAS_RESEND;

/**
 * Requests that may be under way at once without a reader waiting for each (read-ahead, asynchronous direct reads).
 * Large, because a slow registry must not make reads that could be answered from disk wait behind those that can't.
 */
const MAX_BACKGROUND = 1024;

/** What a settled connection can do. */
export interface FuseSession {
  readonly minor: number;
  /** Whether the next process may ask for unanswered requests again. */
  readonly resend: boolean;
}

/**
 * What to answer to an INIT.
 * @param resend false behaves as kernels before 6.9 do.
 * @throws LazypullError UNSUPPORTED when the kernel's protocol is too old or another one.
 */
export function negotiate(init: InitBody, resend: boolean): InitReply {
  if (init.major !== FUSE_MAJOR || init.minor < FUSE_OLDEST_MINOR) {
    throw new LazypullError(
      'UNSUPPORTED',
      `the kernel speaks FUSE ${init.major}.${init.minor}, want ${FUSE_MAJOR}.${FUSE_OLDEST_MINOR} or later (Linux 4.20)`,
    );
  }
  const wanted = resend ? WANTED : WANTED & ~InitFlag.HAS_RESEND;
  return {
    minor: Math.min(init.minor, FUSE_MINOR),
    maxReadahead: init.maxReadahead,
    flags: init.flags & wanted,
    maxBackground: MAX_BACKGROUND,
    congestionThreshold: MAX_BACKGROUND,
    maxWrite: 4096,
    maxPages: MAX_PAGES,
  };
}

/**
 * Reads the INIT request of a connection that was just mounted, and answers it. Blocks until it is there, which it
 * is when mount(2) has returned.
 * @throws FormatError when the first request is not INIT.
 */
export function settle(fuseFd: number, options: { resend: boolean }): FuseSession {
  if (!fstatSync(fuseFd).isCharacterDevice()) throw new FormatError(`descriptor ${fuseFd} is not /dev/fuse`);
  const buffer = Buffer.alloc(REQUEST_BUFFER_SIZE);
  const header = parseRequestHeader(buffer, readSync(fuseFd, buffer, 0, buffer.length, null));
  if (header.opcode !== Opcode.INIT) throw new FormatError(`first FUSE request has opcode ${header.opcode}, want INIT`);
  const init = negotiate(parseInitBody(buffer, header), options.resend);
  writeSync(fuseFd, encodeInit(header.unique, FUSE_MAJOR, init));
  return { minor: init.minor, resend: (init.flags & InitFlag.HAS_RESEND) !== 0n };
}
