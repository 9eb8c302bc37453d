// Mounts for tests of layer images, by mount(2): mount(8) would put a loop device under the image.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';

const libc = koffi.load(null);
const mount = libc.func('int mount(const char *, const char *, const char *, unsigned long, const char *)');
const umount2 = libc.func('int umount2(const char *, int)');
const MS_RDONLY = 1;
const MNT_DETACH = 2;

/** Scratch space with mounts; disposing unmounts the last first, and removes all. */
export class MountScratch implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'lazypull-erofs-'));
  readonly #mounted: string[] = [];

  /** Mounts an image file directly. @throws Error with the errno. */
  erofs(image: string, target: string): void {
    this.#mount(image, target, 'erofs', MS_RDONLY, '');
  }

  /** Mounts an overlay; `options` as overlayfs takes them. */
  overlay(options: string, target: string, writable: boolean): void {
    this.#mount('overlay', target, 'overlay', writable ? 0 : MS_RDONLY, options);
  }

  #mount(source: string, target: string, type: string, flags: number, data: string): void {
    if (mount(source, target, type, flags, data) !== 0)
      throw new Error(`mount ${type} ${source}: errno ${koffi.errno()}`);
    this.#mounted.push(target);
  }

  [Symbol.dispose](): void {
    for (const target of this.#mounted.toReversed()) umount2(target, MNT_DETACH);
    rmSync(this.root, { recursive: true, force: true });
  }
}
