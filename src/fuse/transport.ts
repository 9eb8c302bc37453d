// What a FUSE transport is to the rest of lazypull: one mounted directory of layer images, read through whatever
// makes their missing chunks present.
import type { FaultHandler, ImageFile } from './image-file.ts';

/** Counters since the transport began; a new process begins with zeros. */
export interface FuseStats {
  /** READ requests. */
  readonly reads: number;
  /** Bytes that READs were answered with. */
  readonly bytes: number;
  /** READs that had to wait for chunks. */
  readonly faults: number;
  /** Bytes that those asked for. */
  readonly faultBytes: number;
  /** READs and other requests that were answered with an error because something failed. */
  readonly errors: number;
  /** READs that wait for chunks now. */
  readonly pending: number;
}

/** Serves files below `mountpoint`. */
export interface FuseTransport {
  readonly kind: 'wire' | 'fuse-native';
  /** Absolute path of the directory whose entries are the files. */
  readonly mountpoint: string;

  /**
   * Begins to serve. Files that were there before an unexpected end of the last process must be added first, with the
   * same node ids: the kernel may ask for them right away.
   */
  start(): Promise<void>;

  /**
   * Serves one more file; it can be opened as soon as this resolves. The caller owns `file.fd` and keeps it open until
   * `remove` resolved.
   * @throws LazypullError INVALID_ARGUMENT, ALREADY_EXISTS
   */
  add(file: ImageFile): Promise<void>;

  /**
   * Serves the file no longer. Resolves when no thread uses it any more: then its descriptor may be closed. Reads
   * that still wait for its chunks are waited for. Unmount what uses it first; later reads get ESTALE.
   */
  remove(nodeId: number): Promise<void>;

  stats(): FuseStats;

  /**
   * Stops serving. For `fuse-native` this unmounts. For `wire` the mount belongs to somebody else: workers end when it
   * is unmounted or aborted, and this waits a moment for that. A worker that is still blocked in read(2) makes
   * `process.exit()` hang for ever, so the last act of a process that had one is
   * `process.kill(process.pid, 'SIGKILL')`.
   */
  close(): Promise<void>;
}

/** What both transports need. */
export interface TransportOptions {
  readonly mountpoint: string;
  readonly onFault: FaultHandler;
}
