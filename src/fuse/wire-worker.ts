// A FUSE worker: a thread that blocks in read(2) on /dev/fuse and answers on the spot whatever it can. A read whose
// chunks are there is two system calls, from the layer image and to the kernel, without a copy in between. A read
// whose chunks are missing goes to the main thread, which answers it later; the worker goes on with the next request.
import { readSync, writeSync } from 'node:fs';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { FormatError } from '../errors.ts';
import { Errno, MAX_READ_SIZE, OUT_HEADER_SIZE, Opcode, REQUEST_BUFFER_SIZE } from './abi.ts';
import { answer } from './answer.ts';
import { FileTable } from './file-table.ts';
import type { ImageFile } from './image-file.ts';
import { noteRead } from './presence.ts';
import { encodeStatus, writeReplyHeader } from './reply.ts';
import { type RequestHeader, parseReadBody, parseRequestHeader } from './request.ts';
import {
  COUNTERS,
  Counter,
  type FaultMessage,
  GENERATION,
  type ToWorker,
  WORKER_STEP,
  type WorkerSetup,
} from './wire-messages.ts';

const port = parentPort;
if (port === null) throw new Error('wire-worker runs in a worker thread only');
const { fuseFd, index, files: firstFiles, control, counters } = workerData as WorkerSetup;
const files = new FileTable();
for (const file of firstFiles) files.add(file);
let generation = -1;
const request = Buffer.alloc(REQUEST_BUFFER_SIZE);
const reply = Buffer.alloc(OUT_HEADER_SIZE + MAX_READ_SIZE);

serve();

function serve(): void {
  for (;;) {
    const received = receive();
    if (received === 'ended') return;
    Atomics.add(control, WORKER_STEP + index, 1);
    takeMessages();
    const header = parseRequestHeader(request, received);
    try {
      handle(header);
    } catch (error) {
      count(Counter.ERRORS, 1);
      if (!(error instanceof FormatError)) throw error;
      send(encodeStatus(header.unique, Errno.EIO));
    }
    Atomics.add(control, WORKER_STEP + index, 1);
  }
}

/** Waits for a request. `ended`: the filesystem is unmounted or the connection was aborted. */
function receive(): number | 'ended' {
  for (;;) {
    try {
      return readSync(fuseFd, request, 0, request.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENODEV' || code === 'ECONNABORTED') return 'ended';
      // ENOENT: the request was taken back before we had read it. EINTR, EAGAIN: nothing happened.
      if (code !== 'ENOENT' && code !== 'EINTR' && code !== 'EAGAIN') throw error;
    }
  }
}

/**
 * Brings the table of files up to date. The main thread posts first and counts after that, and a posted message is
 * in the queue when postMessage returns; so no request about a file can be handled before the file is known.
 */
function takeMessages(): void {
  const latest = Atomics.load(control, GENERATION);
  if (latest === generation) return;
  for (let item = receiveMessageOnPort(port!); item !== undefined; item = receiveMessageOnPort(port!)) {
    const message = item.message as ToWorker;
    if (message.type === 'add') files.add(message.file);
    else files.remove(message.nodeId);
  }
  generation = latest;
}

function handle(header: RequestHeader): void {
  if (header.opcode === Opcode.READ) {
    handleRead(header);
    return;
  }
  const answered = answer(request, header, files);
  if (answered !== undefined) send(answered);
}

function handleRead(header: RequestHeader): void {
  const file = files.lookup(header.nodeId);
  if (file === undefined) {
    send(encodeStatus(header.unique, Errno.ESTALE));
    return;
  }
  const { offset, size } = parseReadBody(request, header);
  if (size > MAX_READ_SIZE) throw new FormatError(`READ of ${size} bytes, want ${MAX_READ_SIZE} or fewer`);
  const length = Math.max(0, Math.min(size, file.size - offset));
  count(Counter.READS, 1);
  if (noteRead(file.presence, offset, offset + length)) {
    sendData(header.unique, file, offset, length);
    return;
  }
  count(Counter.FAULTS, 1);
  count(Counter.FAULT_BYTES, length);
  const fault: FaultMessage = { unique: header.unique, nodeId: file.nodeId, imageOffset: offset, length };
  port!.postMessage(fault, []);
}

function sendData(unique: bigint, file: ImageFile, offset: number, length: number): void {
  if (readWhole(file.fd, offset, length)) {
    writeReplyHeader(reply, unique, 0, length);
    count(Counter.BYTES, length);
    send(reply, OUT_HEADER_SIZE + length);
  } else {
    count(Counter.ERRORS, 1);
    send(encodeStatus(unique, Errno.EIO));
  }
}

/** A layer image that is shorter than it says, or a disk that fails, is an error and never zeros. */
function readWhole(fd: number, offset: number, length: number): boolean {
  try {
    for (let done = 0; done < length;) {
      const bytes = readSync(fd, reply, OUT_HEADER_SIZE + done, length - done, offset + done);
      if (bytes === 0) return false;
      done += bytes;
    }
    return true;
  } catch {
    return false;
  }
}

function send(bytes: Buffer, length = bytes.length): void {
  try {
    writeSync(fuseFd, bytes, 0, length);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOENT: nobody waits for this answer any more. ENODEV: the next read says so too.
    if (code !== 'ENOENT' && code !== 'ENODEV') throw error;
  }
}

function count(counter: number, amount: number): void {
  const slot = index * COUNTERS + counter;
  counters[slot] = (counters[slot] as number) + amount;
}
