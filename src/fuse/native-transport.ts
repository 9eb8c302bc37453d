// The second transport: fuse-native, over libfuse 2. Every request comes to the main thread, by path; it is slower
// than the wire transport and its mount does not survive this process, but it shares no code with it.
import { mkdirSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { LazypullError, describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { Errno } from './abi.ts';
import { FileTable } from './file-table.ts';
import type { ImageFile } from './image-file.ts';
import { type NativeFuse, type NativeOperations, loadFuseNative } from './libfuse.ts';
import { FUSE_TYPE, unmount } from './mount.ts';
import { findMount } from './mountinfo.ts';
import { noteRead } from './presence.ts';
import type { FuseStats, FuseTransport, TransportOptions } from './transport.ts';

const readAsync = promisify(read);

/** How to serve with fuse-native. */
export interface NativeOptions extends TransportOptions {
  readonly log: Logger;
}

/**
 * Loads fuse-native; `start()` mounts on `options.mountpoint`, and `close()` unmounts.
 * @throws UserError when fuse-native or libfuse 2 is not there.
 */
export async function startNativeTransport(options: NativeOptions): Promise<FuseTransport> {
  return new NativeTransport(options, loadFuseNative());
}

class NativeTransport implements FuseTransport {
  readonly kind = 'fuse-native';
  readonly mountpoint: string;
  readonly #options: NativeOptions;
  readonly #fuse: NativeFuse;
  readonly #files = new FileTable();
  readonly #running = new Map<number, Set<Promise<number>>>();
  readonly #stats = { reads: 0, bytes: 0, faults: 0, faultBytes: 0, errors: 0, pending: 0 };
  #mounted = false;

  constructor(options: NativeOptions, Fuse: ReturnType<typeof loadFuseNative>) {
    this.#options = options;
    this.mountpoint = options.mountpoint;
    this.#fuse = new Fuse(options.mountpoint, this.#operations(), {
      timeout: false, // a fault takes as long as it takes; whoever fetches gives up in time
      kernelCache: true,
      fsname: 'lazypull',
      subtype: FUSE_TYPE.slice('fuse.'.length),
    });
  }

  async start(): Promise<void> {
    if (this.#mounted) throw new LazypullError('FAILED_PRECONDITION', 'the FUSE transport runs already');
    while (findMount(this.mountpoint)?.type === FUSE_TYPE)
      await unmount(this.mountpoint, { detach: true, force: true });
    mkdirSync(this.mountpoint, { recursive: true, mode: 0o700 });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#fuse.mount((error) => (error === null || error === undefined ? resolve() : reject(error)));
    await promise;
    this.#mounted = true;
  }

  async add(file: ImageFile): Promise<void> {
    this.#files.add(file);
  }

  async remove(nodeId: number): Promise<void> {
    this.#files.remove(nodeId);
    await Promise.all(this.#running.get(nodeId) ?? new Set<Promise<number>>());
  }

  stats(): FuseStats {
    return { ...this.#stats };
  }

  /** Not by fuse-native, which would run a fusermount that need not be there. Its thread ends when the mount is gone. */
  async close(): Promise<void> {
    if (!this.#mounted) return;
    this.#mounted = false;
    await unmount(this.mountpoint, { detach: true });
  }

  #operations(): NativeOperations {
    const find = (path: string): ImageFile | undefined => this.#files.lookupName(path.slice(1));
    return {
      getattr: (path, done) => {
        const file = find(path);
        if (path === '/') done(0, attributes(0o040_500, 0));
        else if (file === undefined) done(-Errno.ENOENT);
        else done(0, attributes(0o100_400, file.size));
      },
      readdir: (_, done) =>
        done(
          0,
          this.#files.all().map(({ name }) => name),
        ),
      open: (path, _, done) => {
        const file = find(path);
        if (file === undefined) done(-Errno.ENOENT);
        else done(0, file.nodeId);
      },
      release: (_path, _handle, done) => done(0),
      read: (_, nodeId, target, length, offset, done) => {
        const running = this.#running.get(nodeId) ?? new Set();
        const result = this.#read(nodeId, target.subarray(0, length), offset);
        this.#running.set(nodeId, running.add(result));
        void result.then((bytes) => {
          running.delete(result);
          done(bytes);
        });
      },
    };
  }

  /** @returns how many bytes are in `target`, or a negated errno. Never rejects. */
  async #read(nodeId: number, target: Buffer, offset: number): Promise<number> {
    const file = this.#files.lookup(nodeId);
    if (file === undefined) return -Errno.ESTALE;
    const length = Math.max(0, Math.min(target.length, file.size - offset));
    this.#stats.reads++;
    try {
      if (!noteRead(file.presence, offset, offset + length)) await this.#fault(nodeId, offset, length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await readAsync(file.fd, target, done, length - done, offset + done);
        if (bytesRead === 0) throw new Error(`the layer image ends at ${offset + done}, inside the read`);
        done += bytesRead;
      }
      this.#stats.bytes += length;
      return length;
    } catch (error) {
      this.#stats.errors++;
      this.#options.log.error('a read failed', { file: file.name, offset, length, reason: describeError(error) });
      return -Errno.EIO;
    }
  }

  async #fault(nodeId: number, imageOffset: number, length: number): Promise<void> {
    this.#stats.faults++;
    this.#stats.faultBytes += length;
    this.#stats.pending++;
    try {
      await this.#options.onFault({ nodeId, imageOffset, length });
    } finally {
      this.#stats.pending--;
    }
  }
}

function attributes(mode: number, size: number): object {
  const epoch = new Date(0);
  return {
    mode,
    size,
    nlink: 1,
    uid: 0,
    gid: 0,
    atime: epoch,
    mtime: epoch,
    ctime: epoch,
    blocks: Math.ceil(size / 512),
  };
}
