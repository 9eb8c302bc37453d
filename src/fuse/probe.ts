// How layers can be mounted on this machine, found out by mounting one. Version numbers say little: distributions
// take features back and forth, containers forbid them, and the cache may lie on a filesystem that EROFS refuses.
import { openSync, closeSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROBE_CONTENT, PROBE_FILE, createProbeImage } from '../erofs/probe-image.ts';
import { SystemError, describeError } from '../errors.ts';
import { isDiskFull } from '../layer/errors.ts';
import { silentLogger } from '../log.ts';
import { Errno } from './abi.ts';
import type { ImageFile } from './image-file.ts';
import { type ErofsTier, mountErofs, mountFuse, openFuse, unmount } from './mount.ts';
import { settle } from './session.ts';
import { startWireTransport } from './wire-transport.ts';

const EPERM = 1;
const ENOTBLK = 15;

/** How layers can be mounted. */
export interface ProbedTier {
  /** A: EROFS from a file. B: EROFS on a loop device. D: not at all. */
  readonly tier: ErofsTier | 'D';
  /** One sentence for a person: why this tier and no better one. */
  readonly reason: string;
  /** Whether a complete layer image can be mounted from the cache folder itself, without FUSE. */
  readonly directFromDisk: boolean;
}

/**
 * Mounts a tiny image in `scratchDir` (a folder on the filesystem of the cache), from the disk and, where that does not
 * work, through a FUSE filesystem of its own. Everything is gone again when it resolves.
 * When that disk is full, `spareDir` is used: mounts that are there already have to be served then, too.
 */
export async function probeTier(options: { scratchDir: string; spareDir?: string }): Promise<ProbedTier> {
  const none = (reason: string): ProbedTier => ({ tier: 'D', reason, directFromDisk: false });
  if (process.getuid?.() !== 0) return none('mounting needs root');
  let fuseFd: number;
  try {
    fuseFd = openFuse();
  } catch (error) {
    return none(describeError(error).split('\n', 1)[0] as string);
  }
  const { scratchDir, spareDir } = options;
  try {
    return await probeIn(scratchDir, fuseFd);
  } catch (error) {
    if (spareDir === undefined || !isDiskFull(error)) return none(`the probe failed: ${describeError(error)}`);
    return { ...(await probeIn(spareDir, fuseFd)), directFromDisk: false };
  } finally {
    closeSync(fuseFd);
  }
}

async function probeIn(scratchDir: string, fuseFd: number): Promise<ProbedTier> {
  await mkdir(scratchDir, { recursive: true });
  const folder = await mkdtemp(join(scratchDir, 'probe-'));
  try {
    return await probe(folder, fuseFd);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function probe(folder: string, fuseFd: number): Promise<ProbedTier> {
  const image = join(folder, 'image');
  await writeFile(image, createProbeImage());
  const onDisk = await tryMount(image, folder, 'A');
  if (onDisk === undefined) return { tier: 'A', reason: 'EROFS mounts files', directFromDisk: true };
  const lasting = explain(onDisk);
  if (lasting !== undefined) return { tier: 'D', reason: lasting, directFromDisk: false };

  // ENOTBLK is said of the kernel and of the cache's filesystem alike; a file on FUSE tells them apart.
  const onFuse = await tryThroughFuse(image, folder, fuseFd);
  if (onFuse === undefined) {
    const reason = `EROFS mounts files, but not from the cache's filesystem (${describeError(onDisk)})`;
    return { tier: 'A', reason, directFromDisk: false };
  }
  const onLoop = await tryMount(image, folder, 'B');
  const why = describeError(onFuse);
  if (onLoop === undefined)
    return { tier: 'B', reason: `EROFS needs loop devices here (${why})`, directFromDisk: true };
  return { tier: 'D', reason: `EROFS can't be mounted: ${why}; ${describeError(onLoop)}`, directFromDisk: false };
}

/** Mounts, reads, unmounts. @returns undefined when all went well, else the reason. */
async function tryMount(source: string, folder: string, tier: ErofsTier): Promise<unknown> {
  const target = join(folder, 'mnt');
  await mkdir(target, { recursive: true });
  try {
    await mountErofs({ source, target, tier });
    try {
      const content = await readFile(join(target, PROBE_FILE), 'latin1');
      return content === PROBE_CONTENT ? undefined : new Error('the probe image reads back wrong');
    } finally {
      await unmount(target);
    }
  } catch (error) {
    return error;
  }
}

async function tryThroughFuse(image: string, folder: string, fuseFd: number): Promise<unknown> {
  const mountpoint = join(folder, 'fuse');
  await mkdir(mountpoint);
  mountFuse(fuseFd, mountpoint);
  settle(fuseFd, { resend: false });
  const fd = openSync(image, 'r');
  const transport = await startWireTransport({
    fd: fuseFd,
    mountpoint,
    workers: 1,
    onFault: async () => {},
    resend: false,
    log: silentLogger,
  });
  try {
    await transport.add(completeFile(fd));
    await transport.start();
    return await tryMount(join(mountpoint, 'probe'), folder, 'A');
  } finally {
    await unmount(mountpoint, { detach: true, force: true });
    await transport.close();
    closeSync(fd);
  }
}

function completeFile(fd: number): ImageFile {
  const presence = {
    count: 0,
    imageOffset: new Float64Array(new SharedArrayBuffer(0)),
    size: new Uint32Array(new SharedArrayBuffer(0)),
    bitmap: new Int32Array(new SharedArrayBuffer(0)),
  };
  return { nodeId: 2, name: 'probe', size: createProbeImage().length, fd, presence };
}

/** A sentence for failures that no other way of mounting avoids; undefined for the rest. */
function explain(error: unknown): string | undefined {
  const errno = error instanceof SystemError ? error.errno : undefined;
  if (errno === Errno.ENODEV) return 'the kernel has no EROFS (modprobe erofs)';
  if (errno === EPERM || errno === Errno.EACCES) return 'mounting is not permitted here (CAP_SYS_ADMIN is missing)';
  return errno === ENOTBLK || errno === Errno.EINVAL ? undefined : `EROFS can't be mounted: ${describeError(error)}`;
}
