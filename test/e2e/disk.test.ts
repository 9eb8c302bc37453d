// Drills with a disk that is full, or that may not be filled further: reads bring the right bytes or fail, the daemon
// goes on, and what is mounted stays.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { digestHex } from '../../src/oci/digest.ts';
import { DEMAND_ONLY, digestsOf, Drill, EIO, forgetPages, noiseFiles, readFiles } from '../support/drill.ts';
import { buildEstargz } from '../support/estargz.ts';
import { mountsBelow } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { emptyDisk, fillDisk, mountSmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const skip = needs('root', 'fuse', 'erofs', 'mkfs.ext4');

suite('a disk that is full', { skip }, () => {
  let drill: Drill;
  let disk: string;
  let pid: number;
  before(async () => {
    drill = await Drill.start({ prepareFolder: (folder) => mountSmallDisk(folder, 48 * MIB) });
    disk = join(drill.dir, 'root');
    pid = await drill.daemon.servingPid();
  });
  after(async () => {
    await using ended = drill;
    assert.equal(await ended.daemon.servingPid(), pid, 'the serving process died');
    assert.deepEqual(await ended.stop(), { status: 0, left: [] });
  });

  test('gives the right bytes or EIO, and the rest when there is space again', async () => {
    const entries = noiseFiles(16, MIB);
    const wanted = digestsOf(entries);
    const names = [...wanted.keys()];
    const { mountpoint } = await drill.mount(drill.publish('big', buildEstargz(entries, { chunkSize: 256 * KIB })));
    assert.deepEqual(await readFiles(mountpoint, names.slice(0, 2)), new Map([...wanted].slice(0, 2)));
    await fillDisk(disk, 4 * MIB);
    await forgetPages(mountpoint, names);
    const seen = await readFiles(mountpoint, names);
    const failed = names.filter((name) => seen.get(name) === EIO);
    assert.ok(failed.length > 0, 'the disk was not full');
    assert.ok(!failed.includes(names[0]!) && !failed.includes(names[1]!), 'what is on the disk can be read');
    for (const name of names.filter((one) => !failed.includes(one))) assert.equal(seen.get(name), wanted.get(name));
    await emptyDisk(disk);
    await forgetPages(mountpoint, names);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });

  test('does not keep a killed serving process from coming back: what is on the disk is read', async () => {
    const entries = noiseFiles(4, MIB, 5);
    const wanted = digestsOf(entries);
    const names = [...wanted.keys()];
    const { mountpoint } = await drill.mount(drill.publish('killed', buildEstargz(entries, { chunkSize: 64 * KIB })));
    await readFiles(mountpoint, [names[3]!]);
    await fillDisk(disk, 0);
    process.kill(pid, 'SIGKILL');
    await drill.daemon.ready(pid);
    pid = await drill.daemon.servingPid();
    await forgetPages(mountpoint, names);
    const seen = await readFiles(mountpoint, names);
    assert.deepEqual(seen.get(names[3]!), wanted.get(names[3]!));
    assert.equal(seen.get(names[0]!), EIO);
    await emptyDisk(disk);
    assert.deepEqual(await readFiles(mountpoint, names), wanted);
  });

  test('takes no new layer, and says why; lets go of old ones; takes new ones when there is space again', async () => {
    const entries = noiseFiles(2, MIB, 2);
    const labels = drill.publish('late', buildEstargz(entries));
    const old = await drill.mount(drill.publish('old', buildEstargz(noiseFiles(1, KIB, 3))));
    await fillDisk(disk, 0);
    // There is no space for an ordinary snapshot's folder either: the client hears of that, as from any snapshotter.
    await assert.rejects(drill.mount(labels), /ENOSPC|not lazy/);
    const reason = (await drill.daemon.status()).fallbacks.at(-1);
    assert.equal(reason?.kind, 'disk', reason?.reason);
    await drill.remove(old.name);
    assert.ok(!mountsBelow(disk).includes(old.mountpoint));
    await emptyDisk(disk);
    const { mountpoint } = await drill.mount(labels);
    assert.deepEqual(await readFiles(mountpoint, digestsOf(entries).keys()), digestsOf(entries));
  });
});

suite('a cache with a size limit', { skip }, () => {
  test('loses what nobody has mounted, oldest first, and never what somebody has', async () => {
    await using drill = await Drill.start({ config: `${DEMAND_ONLY}cache.size_limit = "5MiB"\n` });
    const layers = [1, 2, 3, 4].map((seed) => {
      const entries = noiseFiles(2, MIB, 40 + seed);
      return { wanted: digestsOf(entries), built: buildEstargz(entries) };
    });
    const folderOf = (index: number): string =>
      join(drill.dir, 'root', 'layers', `sha256-${digestHex(layers[index]!.built.digest)}`);
    const use = async (index: number): Promise<{ name: string; mountpoint: string }> => {
      const mounted = await drill.mount(drill.publish(`layer-${index}`, layers[index]!.built));
      const { wanted } = layers[index]!;
      assert.deepEqual(await readFiles(mounted.mountpoint, wanted.keys()), wanted);
      return mounted;
    };
    const kept = await use(0);
    for (const index of [1, 2, 3]) await drill.remove((await use(index)).name);
    await until(() => !existsSync(folderOf(1)) && !existsSync(folderOf(2)), 'the oldest layers to go');
    assert.ok(existsSync(folderOf(0)), 'the mounted layer is gone');
    assert.ok(existsSync(folderOf(3)), 'more than needed is gone');
    assert.ok((await drill.daemon.status()).cache.bytes <= 5 * MIB);
    await forgetPages(kept.mountpoint, layers[0]!.wanted.keys());
    assert.deepEqual(await readFiles(kept.mountpoint, layers[0]!.wanted.keys()), layers[0]!.wanted);
    const again = await use(1);
    assert.notEqual(again.mountpoint, kept.mountpoint);
    assert.deepEqual(await drill.stop(), { status: 0, left: [] });
  });
});
