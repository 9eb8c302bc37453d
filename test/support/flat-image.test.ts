// The comparison of images is itself compared: what a container can't see makes no difference, and everything else does.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { dir, type Entry, file, hardlink, symlink } from './entries.ts';
import { FlatImages } from './flat-image.ts';
import { addLayeredImage } from './layered-image.ts';
import { TestRegistry } from './registry.ts';

const lower: Entry[] = [
  dir('etc'),
  file('etc/gone', 'gone\n'),
  file('etc/kept', 'kept\n'),
  dir('etc/hidden'),
  file('etc/hidden/lower', 'lower\n'),
  dir('etc/tree'),
  file('etc/tree/leaf', 'leaf\n'),
  dir('etc/was-folder'),
  file('etc/was-folder/inside', 'inside\n'),
];
const upper: Entry[] = [
  file('etc/.wh.gone', ''),
  file('etc/.wh.tree', ''),
  file('etc/hidden/.wh..wh..opq', ''),
  file('etc/hidden/upper', 'upper\n'),
  file('etc/was-folder', 'a file\n'),
  hardlink('etc/again', 'etc/kept'),
  symlink('etc/to', 'kept'),
];

async function filesOf(layers: readonly (readonly Entry[])[], estargz: boolean, sinceSec = 2 ** 40): Promise<string[]> {
  await using registry = await TestRegistry.start();
  addLayeredImage(registry, 'image', layers, { estargz });
  return [...(await new FlatImages(sinceSec).read(registry, 'image')).files];
}

const paths = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ', 1)[0] ?? '');

suite('a flat image', () => {
  test('has what its layers leave, and nothing of what they hide', async () => {
    const expected = ['again', 'hidden', 'hidden/upper', 'kept', 'to', 'was-folder'].map((name) => `etc/${name}`);
    assert.deepEqual(paths(await filesOf([lower, upper], false)), ['etc', ...expected]);
  });

  test('is the same in layers with a table of contents', async () => {
    assert.deepEqual(await filesOf([lower, upper], true), await filesOf([lower, upper], false));
  });

  test('has times before a build, and not those of it', async () => {
    const now = [file('a', 'a', { mtime: 1_800_000_000 })];
    assert.match((await filesOf([now], false)).join(), /^a 1800000000 /);
    assert.match((await filesOf([now], false, 1_800_000_000)).join(), /^a now /);
  });

  const plain = file('a', 'content');
  for (const [what, changed] of Object.entries<Entry>({
    content: file('a', 'CONTENT'),
    mode: file('a', 'content', { mode: 0o600 }),
    owner: file('a', 'content', { uid: 1 }),
    group: file('a', 'content', { gid: 1 }),
    xattrs: file('a', 'content', { xattrs: { 'user.a': Buffer.from('b') } }),
    kind: symlink('a', 'content'),
  })) {
    test(`shows another ${what}`, async () => {
      assert.notDeepEqual(await filesOf([[changed]], false), await filesOf([[plain]], false));
    });
  }
});
