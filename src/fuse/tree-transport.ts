// Serves a `FuseTree` on an inherited descriptor of /dev/fuse: one thread reads requests, the main thread answers each
// as soon as the tree knows, so that a slow one holds up no other.
import { write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { workerUrl } from '../worker-url.ts';
import { Errno } from './abi.ts';
import { encodeResend, encodeStatus } from './reply.ts';
import { parseRequestHeader } from './request.ts';
import type { FuseTree } from './tree.ts';
import { answerTree } from './tree-answer.ts';

const writeAsync = promisify(write);

/** How to serve a connection that is already mounted and settled (session.ts). */
export interface TreeTransportOptions {
  /** Descriptor of /dev/fuse. Stays open; whoever mounted owns it. */
  readonly fd: number;
  readonly tree: FuseTree;
  /** Whether another process served this connection before and the kernel can send its unanswered requests again. */
  readonly resend: boolean;
  readonly log: Logger;
}

/**
 * Begins to serve. The thread ends when the filesystem is unmounted or the connection aborted; until then it is blocked
 * in read(2), so that the process can only end by SIGKILL.
 */
export function startTreeTransport(options: TreeTransportOptions): void {
  const { fd, resend } = options;
  // Before anybody reads: RESEND repeats everything that was read and not answered, by whomever.
  if (resend) writeSync(fd, encodeResend());
  const worker = new Worker(workerUrl('./tree-worker', import.meta.url), {
    name: 'fuse-tree',
    workerData: { fuseFd: fd },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  // An error in the worker is a bug. It ends this process, by `uncaughtException`, and the next one begins afresh.
  worker.on('message', (request: Uint8Array) => void handle(Buffer.from(request.buffer), options));
}

async function handle(request: Buffer, { fd, tree, log }: TreeTransportOptions): Promise<void> {
  const header = parseRequestHeader(request, request.length);
  let reply: Buffer | undefined;
  try {
    reply = await answerTree(request, header, tree);
  } catch (error) {
    log.error('a request to the tree failed', { opcode: header.opcode, error: describeError(error) });
    reply = encodeStatus(header.unique, Errno.EIO);
  }
  if (reply === undefined) return;
  try {
    await writeAsync(fd, reply, 0, reply.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: nobody waits for this answer any more. ENODEV: the filesystem is unmounted.
    if (code !== 'ENOENT' && code !== 'ENODEV') log.error('a FUSE reply could not be sent', { error });
  }
}
