// Answers the reads that had to wait: the main thread's side of a fault. It asks for the chunks, then copies from the
// layer image to the kernel with asynchronous calls, because this thread also serves gRPC and must never block.
import { read, write } from 'node:fs';
import { promisify } from 'node:util';
import { type LazypullError, describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Errno, MAX_READ_SIZE, OUT_HEADER_SIZE } from './abi.ts';
import type { FaultHandler, ImageFile } from './image-file.ts';
import { encodeStatus, writeReplyHeader } from './reply.ts';
import type { FaultMessage } from './wire-messages.ts';

const readAsync = promisify(read);
const writeAsync = promisify(write);

/** Replies under way at once; each holds a buffer of 1 MiB. Waiting for chunks holds none. */
const MAX_REPLIES = 4;

/** Answers faults of one FUSE connection. */
export class FaultResponder {
  readonly #fuseFd: number;
  readonly #onFault: FaultHandler;
  readonly #log: Logger;
  readonly #buffers: Buffer[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #pending = new Map<number, Set<Promise<void>>>();
  #replies = 0;
  bytes = 0;
  errors = 0;
  pending = 0;

  constructor(options: { fuseFd: number; onFault: FaultHandler; log: Logger }) {
    this.#fuseFd = options.fuseFd;
    this.#onFault = options.onFault;
    this.#log = options.log;
  }

  /** Answers `fault`, sooner or later, with data or with an error. `file` is undefined when it is not served any more. */
  handle(fault: FaultMessage, file: ImageFile | undefined): void {
    const done = this.#respond(fault, file).catch((error: unknown) => {
      this.#log.error('a FUSE reply could not be sent', { error });
    });
    const pending = this.#pending.get(fault.nodeId) ?? new Set();
    this.#pending.set(fault.nodeId, pending.add(done));
    this.pending++;
    void done.finally(() => {
      this.pending--;
      pending.delete(done);
      if (pending.size === 0 && this.#pending.get(fault.nodeId) === pending) this.#pending.delete(fault.nodeId);
    });
  }

  /** Tells the kernel something, without waiting for anything. */
  notify(message: Buffer): void {
    this.#send(message).catch((error: unknown) => this.#log.warn('a FUSE notification failed', { error }));
  }

  /** Resolves when every fault of `nodeId` that is known now has been answered. */
  async settled(nodeId: number): Promise<void> {
    await Promise.all(this.#pending.get(nodeId) ?? new Set<Promise<void>>());
  }

  async #respond(fault: FaultMessage, file: ImageFile | undefined): Promise<void> {
    const { nodeId, imageOffset, length } = fault;
    if (file === undefined) {
      await this.#send(encodeStatus(fault.unique, Errno.ESTALE));
      return;
    }
    try {
      await this.#onFault({ nodeId, imageOffset, length });
      await this.#sendData(fault, file);
    } catch (error) {
      this.errors++;
      const { code } = error as Partial<LazypullError>;
      const reason = describeError(error);
      this.#log.error('a read failed', { file: file.name, imageOffset, length, reason, code });
      await this.#send(encodeStatus(fault.unique, Errno.EIO));
    }
  }

  async #sendData(fault: FaultMessage, file: ImageFile): Promise<void> {
    const buffer = await this.#takeBuffer();
    try {
      for (let done = 0; done < fault.length;) {
        const at = OUT_HEADER_SIZE + done;
        const { bytesRead } = await readAsync(file.fd, buffer, at, fault.length - done, fault.imageOffset + done);
        if (bytesRead === 0) throw new Error(`the layer image ends at ${fault.imageOffset + done}, inside the read`);
        done += bytesRead;
      }
      writeReplyHeader(buffer, fault.unique, 0, fault.length);
      this.bytes += fault.length; // before the reply, so that a reader who then looks at the counters finds it
      await this.#send(buffer.subarray(0, OUT_HEADER_SIZE + fault.length));
    } finally {
      this.#returnBuffer(buffer);
    }
  }

  async #takeBuffer(): Promise<Buffer> {
    if (this.#replies >= MAX_REPLIES) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise; // the one who is done hands its place over: #replies stays as it is
    } else {
      this.#replies++;
    }
    return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(OUT_HEADER_SIZE + MAX_READ_SIZE);
  }

  #returnBuffer(buffer: Buffer): void {
    this.#buffers.push(buffer);
    const next = this.#waiting.shift();
    if (next === undefined) this.#replies--;
    else next();
  }

  async #send(bytes: Buffer): Promise<void> {
    try {
      await writeAsync(this.#fuseFd, bytes, 0, bytes.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // ENOENT: nobody waits for this answer any more. ENODEV: the filesystem is unmounted.
      if (code !== 'ENOENT' && code !== 'ENODEV') throw error;
    }
  }
}
