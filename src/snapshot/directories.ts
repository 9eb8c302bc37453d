// The directories of ordinary snapshots, `<root>/snapshots/<id>/{fs,work}`, laid out as containerd's overlay
// snapshotter does it. A directory is made after its row in the database and removed after it, so a directory without
// a row is garbage, whenever the process died.
import { chmod, lchown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';

export class SnapshotDirectories {
  readonly #root: string;
  readonly #log: Logger;
  readonly #removals = new Map<string, Promise<void>>();

  private constructor(root: string, log: Logger) {
    this.#root = root;
    this.#log = log;
  }

  /** Makes `<root>/snapshots` when it is not there. */
  static async open(root: string, log: Logger): Promise<SnapshotDirectories> {
    const directory = join(root, 'snapshots');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new SnapshotDirectories(directory, log);
  }

  /** The files of a snapshot: upperdir while it is active, lowerdir when it is committed. */
  fs(id: number): string {
    return join(this.#root, String(id), 'fs');
  }

  work(id: number): string {
    return join(this.#root, String(id), 'work');
  }

  /** Makes the directories of a new snapshot. `owner` is that of the root directory; undefined leaves it to us. */
  async create(id: number, kind: 'view' | 'active', owner: { uid: number; gid: number } | undefined): Promise<void> {
    await mkdir(join(this.#root, String(id)), { mode: 0o700 });
    await makeFolder(this.fs(id), 0o755);
    if (kind === 'active') await makeFolder(this.work(id), 0o711);
    if (owner !== undefined) await lchown(this.fs(id), owner.uid, owner.gid);
  }

  /** Removes a snapshot's directories in the background. Never fails: what stays is garbage for `removeOrphans`. */
  remove(id: number): void {
    void this.#remove(String(id));
  }

  /** Removes all that belongs to no snapshot; resolves when also the removals in the background are done. */
  async removeOrphans(ids: () => Set<number>): Promise<void> {
    const names = await readdir(this.#root);
    const known = ids(); // after the listing: a directory that was made since is not in it
    await Promise.all(names.filter((name) => !known.has(Number(name))).map((name) => this.#remove(name)));
    await this.settled();
  }

  /** Resolves when no removal is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals.values());
  }

  #remove(name: string): Promise<void> {
    let removal = this.#removals.get(name);
    if (removal === undefined) {
      const path = join(this.#root, name);
      removal = rm(path, { recursive: true, force: true, maxRetries: 2 })
        .catch((error: unknown) =>
          this.#log.warn("can't remove a snapshot directory", { path, error: describeError(error) }),
        )
        .finally(() => this.#removals.delete(name));
      this.#removals.set(name, removal);
    }
    return removal;
  }
}

/** mkdir whose mode the umask does not change. */
async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path);
  await chmod(path, mode);
}
