// The image's root filesystem for one recording: a FUSE filesystem with a layer image for each layer, EROFS over each,
// overlayfs over all of them. Made in a mount namespace of its own, so that nothing is left whatever happens.
import { chmodSync, closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LazypullError, SystemError, UserError, describeError } from '../errors.ts';
import type { MissingRead } from '../fuse/image-file.ts';
import { mount } from '../fuse/libc.ts';
import { mountErofs, mountFuse, openFuse, unmount, type ErofsTier } from '../fuse/mount.ts';
import { settle } from '../fuse/session.ts';
import type { FuseTransport } from '../fuse/transport.ts';
import { startWireTransport } from '../fuse/wire-transport.ts';
import { createLogger } from '../log.ts';
import { mountsOf, probeOverlay } from '../snapshot/mounts.ts';
import type { AccessLog } from './access-log.ts';
import { limitReadAhead, listReadAheads } from './read-ahead.ts';
import type { RecordLayer } from './record-job.ts';
import { RecordingLayer } from './recording-layer.ts';

/** Node ids of a FUSE filesystem begin behind its root's. */
const FIRST_NODE_ID = 2;
/** overlayfs stacks no more. */
const MAX_LOWER = 500;
/** mount(2) takes at most a page of options. */
const MAX_OPTIONS_BYTES = 4095;

export interface RecordingMountOptions {
  /** An existing empty folder. Becomes the working directory of this process. */
  readonly folder: string;
  /** From the bottom up. */
  readonly layers: readonly RecordLayer[];
  readonly tier: ErofsTier | 'auto';
  readonly log: AccessLog;
}

/** A mounted root filesystem. `close` unmounts it; after that the FUSE threads have ended. */
export class RecordingMount {
  readonly rootfs: string;
  readonly #options: RecordingMountOptions;
  readonly #layers: RecordingLayer[] = [];
  /** In the order in which they were mounted. */
  readonly #mounted: string[] = [];
  #fuseFd: number | undefined;
  #transport: FuseTransport | undefined;
  #tier: ErofsTier;
  /** The first read that failed: the workload got EIO, so its recording is worthless. */
  failure: unknown;
  reads = 0;

  private constructor(options: RecordingMountOptions) {
    this.#options = options;
    this.#tier = options.tier === 'auto' ? 'A' : options.tier;
    this.rootfs = join(options.folder, 'rootfs');
  }

  /** Mounts everything. On failure everything is unmounted again. @throws UserError where this machine can't do it. */
  static async open(options: RecordingMountOptions): Promise<RecordingMount> {
    const made = new RecordingMount(options);
    try {
      await made.#open();
    } catch (error) {
      await made.close().catch(() => {}); // the first error tells more
      throw error;
    }
    return made;
  }

  /** Unmounts all that is mounted, in use or not, and waits a moment for the threads. */
  async close(): Promise<void> {
    for (const mountpoint of this.#mounted.splice(0).toReversed()) await unmount(mountpoint, { detach: true });
    if (this.#fuseFd !== undefined) {
      await unmount(this.#fuseMount, { detach: true, force: true });
      await this.#transport?.close();
      closeSync(this.#fuseFd);
      this.#fuseFd = undefined;
    }
    for (const layer of this.#layers.splice(0)) layer[Symbol.dispose]();
  }

  get #fuseMount(): string {
    return join(this.#options.folder, 'fuse');
  }

  async #open(): Promise<void> {
    const { folder, layers } = this.#options;
    if (layers.length > MAX_LOWER) {
      throw new LazypullError('UNSUPPORTED', `overlayfs takes ${MAX_LOWER} layers, the image has ${layers.length}`);
    }
    for (const name of ['images', 'fuse', 'l', 'rootfs', 'upper', 'work']) makeFolder(join(folder, name));
    process.chdir(folder);
    for (const [index, layer] of layers.entries()) {
      this.#layers.push(new RecordingLayer(layer, join(folder, 'images', `${index}`), FIRST_NODE_ID + index));
    }
    await this.#serve();
    const lower: string[] = [];
    for (const [index, { file }] of this.#layers.entries()) {
      // Relative, because all of them have to fit on a page.
      const name = `l/${index}`;
      mkdirSync(join(folder, name));
      await this.#mountLayer(join(this.#fuseMount, file.name), join(folder, name));
      lower.unshift(name);
    }
    await this.#mountOverlay(lower);
  }

  async #serve(): Promise<void> {
    const fd = openFuse();
    this.#fuseFd = fd;
    mountFuse(fd, this.#fuseMount);
    settle(fd, { resend: false });
    this.#transport = await startWireTransport({
      fd,
      mountpoint: this.#fuseMount,
      resend: false,
      log: createLogger({ level: 'error', format: 'text' }),
      onFault: async (read) => this.#fault(read),
    });
    for (const { file } of this.#layers) await this.#transport.add(file);
    await this.#transport.start();
  }

  #fault({ nodeId, imageOffset, length }: MissingRead): void {
    const index = nodeId - FIRST_NODE_ID;
    try {
      this.reads++;
      for (const { tarOffset, start, end } of this.#layers[index]!.fill(imageOffset, length)) {
        this.#options.log.read(index, tarOffset, start, end);
      }
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
  }

  async #mountLayer(source: string, target: string): Promise<void> {
    const before = listReadAheads();
    try {
      await mountErofs({ source, target, tier: this.#tier });
    } catch (error) {
      if (this.#options.tier !== 'auto' || this.#tier === 'B') throw cannotMount(error);
      this.#tier = 'B'; // a kernel without file-backed EROFS
      await mountErofs({ source, target, tier: 'B' }).catch((second: unknown) => {
        throw cannotMount(new AggregateError([error, second], `${describeError(error)}; ${describeError(second)}`));
      });
    }
    this.#mounted.push(target);
    limitReadAhead(target, before);
  }

  async #mountOverlay(lower: readonly string[]): Promise<void> {
    // Relative, too: overlayfs would take a colon or a comma in the folder's name for its own.
    const paths = { kind: 'active' as const, fs: 'upper', work: 'work', lower };
    try {
      await this.#mountOverlayOver(paths);
    } catch (error) {
      // The folder may itself be on an overlayfs, which takes no upper directory: in a container, mostly.
      if (!(error instanceof SystemError)) throw error;
      const spare = join(this.#options.folder, 'spare');
      mkdirSync(spare);
      await mount({ source: 'tmpfs', target: spare, type: 'tmpfs', flags: 0, data: 'mode=0700' });
      this.#mounted.push(spare);
      for (const name of ['upper', 'work']) makeFolder(join(spare, name));
      await this.#mountOverlayOver({ ...paths, fs: 'spare/upper', work: 'spare/work' });
    }
  }

  async #mountOverlayOver(paths: Parameters<typeof mountsOf>[0]): Promise<void> {
    const [made] = mountsOf(paths, probeOverlay());
    if (made === undefined || made.type !== 'overlay') {
      throw new LazypullError('UNSUPPORTED', 'an image without layers has nothing to record');
    }
    const data = made.options.join(',');
    if (Buffer.byteLength(data) > MAX_OPTIONS_BYTES) {
      throw new LazypullError('UNSUPPORTED', `the image has too many layers for one mount: ${paths.lower.length}`);
    }
    await mount({ source: 'overlay', target: this.rootfs, type: 'overlay', flags: 0, data });
    this.#mounted.push(this.rootfs);
  }
}

/** The upper directory's mode is the one of the root that the workload sees, whatever the umask says. */
function makeFolder(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o755);
}

function cannotMount(cause: unknown): UserError {
  return new UserError(
    `can't mount EROFS: ${describeError(cause)}`,
    'Load the module (modprobe erofs); without EROFS an image can be converted, but not recorded.',
    { cause },
  );
}
