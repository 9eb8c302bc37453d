// A disk that nobody has used for what a test machine stores of images, as a runner that was just made has it. On the disk of
// this machine the files of the job before have been deleted a moment ago, and ext4 without a journal passes over the inodes
// of such files one by one for minutes: a pull that unpacks 38,000 files takes three times as long then.
import { truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Machine } from '../support/machine.ts';
import { requireProgram } from '../support/needs.ts';
import { run } from '../support/run.ts';

const BYTES = 16 * 2 ** 30;
/** Major number of loop devices. */
const LOOP = 7;
const FOLDERS = ['docker', 'containerd', 'lazypull'];

/** A loop device with an ext4. Disposing detaches it; end the machine that uses it first. */
export interface FreshDisk extends AsyncDisposable {
  readonly device: string;
}

/** Makes the disk as a file in `folder`, sparse. */
export async function makeDisk(folder: string): Promise<FreshDisk> {
  const file = join(folder, 'disk.img');
  await writeFile(file, '');
  await truncate(file, BYTES);
  await run(requireProgram('mkfs.ext4'), ['-q', '-F', file]);
  const device = (await run(requireProgram('losetup'), ['--find', '--show', file])).stdout.trim();
  return {
    device,
    [Symbol.asyncDispose]: async () => {
      await run(requireProgram('losetup'), ['--detach', device]);
      await truncate(file, 0);
    },
  };
}

/** Lets Docker, containerd and lazypull of a machine have their folders on it, empty. */
export async function attachDisk(machine: Machine, { device }: FreshDisk): Promise<void> {
  const minor = Number(basename(device).replace(/^loop/, ''));
  const script = `systemctl stop docker.socket docker.service containerd.service
test -b ${device} || mknod ${device} b ${LOOP} ${minor}
mkdir /mnt/disk
mount -o noinit_itable ${device} /mnt/disk
for name in ${FOLDERS.join(' ')}; do
  mkdir -p /mnt/disk/$name /var/lib/$name
  mount --bind /mnt/disk/$name /var/lib/$name
done
systemctl start containerd.service docker.socket docker.service`;
  await machine.run(script, { user: 'root' });
}
