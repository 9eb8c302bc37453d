// What steps on a lazy base write into their layers, and what they see of it, beside BuildKit with overlayfs on the same image
// in ordinary layers: every entry, and nothing else (moby/buildkit#2720, #2703). BuildKit takes the differences from the
// overlay alone here; a mark of overlayfs that came up from a base would show as a whiteout that nobody made.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { BuildWorld, type BuildWorker, buildWorldNeeds } from '../support/build-world.ts';
import { layerContents } from '../support/layer-content.ts';

const skip = buildWorldNeeds('busybox');
const LAZY = 'small-esgz';
const ORDINARY = 'small';
const BASE_LAYERS = 3;

/** Names of steps, their commands, and entries that their layer must have; none: it must have none at all. */
const STEPS: readonly (readonly [name: string, commands: readonly string[], entries: readonly string[]])[] = [
  [
    // Directories come up unchanged: one of many files, one that is opaque in its layer, ones of several layers.
    'reads everything, and gives directories the modes that they have',
    ['find / -xdev -type f -exec md5sum {} + > /dev/null', 'chmod 755 /kinds/many /etc/opaque /etc /data'],
    [],
  ],
  [
    'changes only modes, owners and times',
    [
      'chmod 700 /data/4096 /kinds/dir-xattr',
      'chmod 4711 /kinds/hard-1',
      'chown 7:8 /data/4097 /etc/opaque /kinds/capability',
      'chown -h 9:9 /kinds/dangling',
      'touch -d "2001-02-03 04:05:06" /data/4095 /kinds/many',
    ],
    ['data/4096', 'etc/opaque/', 'kinds/capability', 'kinds/dangling', 'data/4095'],
  ],
  [
    'appends, truncates, and writes into the middle of a big file',
    [
      'echo more >> /data/4096',
      'echo more >> /kinds/user-xattr',
      'truncate -s 5000 /data/zeros',
      ': > /data/one-byte',
      'dd if=/data/4097 of=/data/big bs=4097 seek=1000 conv=notrunc',
    ],
    ['data/4096', 'kinds/user-xattr', 'data/zeros', 'data/big'],
  ],
  [
    'renames a file, a directory as a whole, and another one away and back',
    ['mv /data/4095 /data/renamed', 'mv /kinds/many /kinds/all', 'mv /etc/opaque /opaque', 'mv /opaque /etc/opaque'],
    ['data/.wh.4095', 'data/renamed', 'kinds/.wh.many', 'kinds/all/file-1499'],
  ],
  [
    'deletes directories, one to make it again',
    [
      'rm -r /kinds/directory-number-0 /kinds/dir-xattr',
      'rm -r /etc/opaque && mkdir /etc/opaque',
      'echo new > /etc/opaque/new',
    ],
    ['kinds/.wh.directory-number-0', 'etc/opaque/new'],
  ],
  [
    'puts files of other kinds in place of others',
    [
      'rm /kinds/symlink && mkdir /kinds/symlink && echo in > /kinds/symlink/in',
      'rm -r /kinds/all && ln -s /data /kinds/all',
      'rm /etc/replaced && mkdir /etc/replaced',
      'echo back > /etc/to-be-deleted',
    ],
    ['kinds/symlink/in', 'kinds/all', 'etc/replaced/', 'etc/to-be-deleted'],
  ],
  [
    'links hard, in the base and across, and deletes what an earlier step made',
    ['ln /data/renamed /etc/linked', 'ln /kinds/hard-2 /kinds/hard-4', 'rm /kinds/hard-3 /etc/to-be-deleted'],
    ['etc/linked', 'kinds/hard-4', 'kinds/.wh.hard-3', 'etc/.wh.to-be-deleted'],
  ],
];
/** So many of them delete nothing. */
const HARMLESS = 3;

const run = (commands: readonly string[]): string => `RUN ${commands.map(busybox).join(' && ')}`;
/** The image has names for few of busybox's programs. */
function busybox(command: string): string {
  return command.replaceAll(/(^|&& )(chmod|chown|touch|truncate|dd|mv|rm|mkdir|ln|ls)\b/g, '$1/bin/busybox $2');
}

/** Facts of every name but what two filesystems have different: sizes and times of directories, device and inode numbers. */
const FACTS = `find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path '/etc/*.conf' -o -path /etc/hosts -o -path /etc/hostname \\) -prune -o -type d -exec stat -c '%n %F %a %u %g' {} + -o -exec stat -c '%N %F %a %u %g %s %h %t %T %Y' {} +`;
/** Each is empty where nothing is wrong. */
const CHECKS: readonly (readonly [what: string, command: string])[] = [
  [
    'an inode number changes when a file is read',
    'find /kinds /data -exec stat -c "%n %d %i" {} + > /tmp/a; cat /data/* > /dev/null; find /kinds /data -exec stat -c "%n %d %i" {} + > /tmp/b; /bin/busybox cmp /tmp/a /tmp/b',
  ],
  [
    'two files have one inode number',
    'find /kinds /data -type f -links 1 -exec stat -c "%d %i" {} + | /bin/busybox sort | /bin/busybox uniq -d',
  ],
  [
    'names of one file have two inode numbers',
    'stat -c "%d %i %h" /kinds/hard-* | /bin/busybox uniq | /bin/busybox tail -n +2',
  ],
  [
    'a symlink is as long as its target',
    'for f in symlink dangling long-symlink; do t=$(readlink /kinds/$f); test $(stat -c %s /kinds/$f) = ${#t} || echo $f; done',
  ],
  [
    'something is newer than what was just made',
    'echo > /tmp/now; find /bin /data /kinds -newer /tmp/now ! -name after-2038',
  ],
];

function layersSuite(worker: BuildWorker): void {
  suite(`layers of builds on lazy bases, ${worker} worker`, { skip }, () => {
    let world: BuildWorld;
    const layout = (name: string): string => join(world.dir, `layout-${name}`);

    before(async () => {
      world = await BuildWorld.start({ images: [LAZY, ORDINARY], worker });
    });
    after(async () => world?.[Symbol.asyncDispose]());

    test('every step writes what it writes on an ordinary base, and nothing else', async () => {
      const dockerfile = (base: string): string =>
        [`FROM ${world.ref(base)}`, ...STEPS.map(([, commands]) => run(commands))].join('\n');
      const output = (name: string): string[] => ['--output', `type=oci,tar=false,dest=${layout(name)}`];
      await world.build(dockerfile(LAZY), output('lazy'));
      await world.buildOrdinarily(dockerfile(ORDINARY), output('ordinary'));
      const before = Date.now() - 24 * 3600 * 1000;
      const lazy = await layerContents(layout('lazy'), BASE_LAYERS, before);
      const ordinary = await layerContents(layout('ordinary'), BASE_LAYERS, before);
      assert.equal(lazy.length, STEPS.length);
      for (const [index, [name, , entries]] of STEPS.entries()) {
        const names = lazy[index]?.map((line) => line.slice(0, line.indexOf(' {'))) ?? [];
        assert.deepEqual(lazy[index], ordinary[index], name);
        assert.deepEqual(
          entries.filter((entry) => !names.includes(entry)),
          [],
          name,
        );
        if (entries.length === 0) assert.deepEqual(names, [], name);
        if (index < HARMLESS) assert.ok(!names.some((entry) => entry.includes('.wh.')), name);
      }
    });

    test('a step sees of the base what it sees of an ordinary one', async () => {
      const dockerfile = (base: string): string => `FROM ${world.ref(base)}\nRUN ${FACTS}\n`;
      const sorted = (output: string): string[] => output.split('\n').toSorted();
      const lazy = sorted((await world.build(dockerfile(LAZY))).output);
      assert.ok(lazy.length > 1500);
      assert.deepEqual(lazy, sorted((await world.buildOrdinarily(dockerfile(ORDINARY))).output));
    });

    test('names, sizes and inode numbers of the base are those of a filesystem', async () => {
      const lines = CHECKS.map(
        ([what, command]) => `RUN set +e; ( ${command} ) 2>&1 | /bin/busybox sed "s|^|${what}: |"; true`,
      );
      const { output, steps } = await world.build(`FROM ${world.ref(LAZY)}\n${lines.join('\n')}\n`);
      assert.equal([...steps].filter(([step]) => step.startsWith('RUN')).length, CHECKS.length);
      assert.equal(output, '');
    });
  });
}

layersSuite('oci');
layersSuite('containerd');
