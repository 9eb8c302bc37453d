// What overlayfs shows of EROFS layers is what it shows of the same layers unpacked the ordinary way.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { TocNode } from '../../src/estargz/model.ts';
import { layoutLayer } from '../../src/erofs/layout.ts';
import { UUID } from '../support/erofs-layout.ts';
import { MountScratch } from '../support/erofs-mount.ts';
import { needs } from '../support/needs.ts';
import { completeImage, contentOf, dir, file, tocOf, whiteout } from '../support/toc-tree.ts';
import { writeXattr } from '../support/xattr.ts';

type Namespace = 'trusted' | 'user';

/** Layers from the lowest on, and what an overlay of them shows. */
const cases: Record<string, { layers: TocNode[]; shown: string[] }> = {
  'one layer': {
    layers: [dir({ a: file('1'), sub: dir({ b: file('1') }) })],
    shown: ['a: 1', 'sub/', 'sub/b: 1'],
  },
  'a file that the top layer deletes': {
    layers: [dir({ a: file('1'), b: file('1') }), dir({ '.wh.a': whiteout() })],
    shown: ['b: 1'],
  },
  'a file in a directory that the top layer deletes': {
    layers: [
      dir({ sub: dir({ a: file('1'), b: file('1') }) }),
      dir({ sub: dir({ '.wh.a': whiteout(), c: file('2') }) }),
    ],
    shown: ['sub/', 'sub/b: 1', 'sub/c: 2'],
  },
  'a directory that is deleted in the middle and made again': {
    layers: [dir({ sub: dir({ a: file('1') }) }), dir({ '.wh.sub': whiteout() }), dir({ sub: dir({ b: file('3') }) })],
    shown: ['sub/', 'sub/b: 3'],
  },
  'an opaque directory': {
    layers: [
      dir({ sub: dir({ a: file('1'), deep: dir({ x: file('1') }) }) }),
      dir({ sub: dir({ '.wh..wh..opq': whiteout(), b: file('2'), deep: dir({ y: file('2') }) }) }),
    ],
    shown: ['sub/', 'sub/b: 2', 'sub/deep/', 'sub/deep/y: 2'],
  },
  // Where nothing is merged overlayfs does not look for whiteouts in a listing. So it is with unpacked layers.
  'an opaque directory with whiteouts': {
    layers: [
      dir({ sub: dir({ a: file('1') }) }),
      dir({ sub: dir({ '.wh..wh..opq': whiteout(), '.wh.a': whiteout(), b: file('2') }) }),
    ],
    shown: ['sub/', 'sub/a: listed, but not there', 'sub/b: 2'],
  },
  'whiteouts of nothing, in a directory of the top layer alone': {
    layers: [dir({ a: file('1') }), dir({ own: dir({ '.wh.gone': whiteout(), b: file('2') }) })],
    shown: ['a: 1', 'own/', 'own/b: 2', 'own/gone: listed, but not there'],
  },
  'whiteouts in the lowest layer': {
    layers: [dir({ '.wh.gone': whiteout(), sub: dir({ '.wh.too': whiteout() }) }), dir({ b: file('2') })],
    shown: ['b: 2', 'sub/', 'sub/too: listed, but not there'],
  },
  'a whiteout and a directory of one name in one layer': {
    layers: [dir({ sub: dir({ a: file('1') }) }), dir({ '.wh.sub': whiteout(), sub: dir({ b: file('2') }) })],
    shown: ['sub/', 'sub/a: 1', 'sub/b: 2'],
  },
  'a file that becomes a directory, and a directory that becomes a file': {
    layers: [dir({ a: file('1'), b: dir({ x: file('1') }) }), dir({ a: dir({ y: file('2') }), b: file('2') })],
    shown: ['a/', 'a/y: 2', 'b: 2'],
  },
};

suite('overlayfs over layer images', { skip: needs('root', 'erofs') }, () => {
  for (const [title, { layers, shown }] of Object.entries(cases)) {
    for (const namespace of ['trusted', 'user'] as const) {
      test(`${title}: shows what it shows of unpacked layers (${namespace} xattrs)`, () => {
        using scratch = new MountScratch();
        const erofs = layers.map((layer, index) => mountLayer(scratch, layer, `erofs-${index}`, namespace));
        const unpacked = layers.map((layer, index) => unpackLayer(scratch, layer, `unpacked-${index}`, namespace));
        if (layers.length > 1) {
          assert.deepEqual(
            show(overlay(scratch, erofs, 'read-only-erofs', namespace, false)),
            show(overlay(scratch, unpacked, 'read-only-unpacked', namespace, false)),
          );
        }
        const target = overlay(scratch, erofs, 'writable-erofs', namespace, true);
        assert.deepEqual(show(target), shown);
        assert.deepEqual(show(target), show(overlay(scratch, unpacked, 'writable-unpacked', namespace, true)));
      });
    }
  }

  test('a directory whose files are all deleted can be removed, and made again empty', () => {
    using scratch = new MountScratch();
    const layers = [dir({ sub: dir({ a: file('1'), b: file('1') }) }), dir({ sub: dir({ '.wh.a': whiteout() }) })];
    const mounted = layers.map((layer, index) => mountLayer(scratch, layer, `erofs-${index}`, 'trusted'));
    const sub = join(overlay(scratch, mounted, 'overlay', 'trusted', true), 'sub');
    assert.throws(() => rmdirSync(sub), { code: 'ENOTEMPTY' });
    rmSync(join(sub, 'b'));
    rmdirSync(sub);
    mkdirSync(sub);
    assert.deepEqual(readdirSync(sub), []);
  });

  test('overlay marks in the image do not redirect overlayfs to another directory', () => {
    using scratch = new MountScratch();
    const marks = { 'trusted.overlay.redirect': '/secret', 'trusted.overlay.opaque': 'y' };
    const layers = [
      dir({ secret: dir({ key: file('1') }), a: dir({ x: file('1') }) }),
      dir({ a: dir({ y: file('2') }, { xattrs: marks }) }),
    ];
    const mounted = layers.map((layer, index) => mountLayer(scratch, layer, `erofs-${index}`, 'trusted'));
    const target = overlay(scratch, mounted, 'overlay', 'trusted', true, ',redirect_dir=on');
    assert.deepEqual(readdirSync(join(target, 'a')).sort(), ['x', 'y']);
  });
});

function mountLayer(scratch: MountScratch, root: TocNode, name: string, opaqueXattr: Namespace): string {
  const toc = tocOf(root);
  const target = join(scratch.root, name);
  mkdirSync(target);
  writeFileSync(`${target}.img`, completeImage(toc, layoutLayer(toc, { uuid: UUID, opaqueXattr })));
  scratch.erofs(`${target}.img`, target);
  return target;
}

/** Unpacks as containerd does for overlayfs: entries in their order, whiteouts as devices, the opaque mark on the directory. */
function unpackLayer(scratch: MountScratch, root: TocNode, name: string, namespace: Namespace): string {
  const target = join(scratch.root, name);
  mkdirSync(target);
  unpack(root, target, namespace);
  return target;
}

function unpack(directory: TocNode, target: string, namespace: Namespace): void {
  for (const [name, node] of directory.children!) {
    if (name === '.wh..wh..opq') writeXattr(target, `${namespace}.overlay.opaque`, Buffer.from('y'));
    else if (name.startsWith('.wh.')) execFileSync('mknod', [join(target, name.slice(4)), 'c', '0', '0']);
    else {
      const path = join(target, name);
      rmSync(path, { force: true });
      if (node.type !== 'dir') writeFileSync(path, contentOf(node));
      else {
        mkdirSync(path);
        unpack(node, path, namespace);
      }
    }
  }
}

/** @param lowest layers from the lowest to the topmost. */
function overlay(
  scratch: MountScratch,
  lowest: readonly string[],
  name: string,
  namespace: Namespace,
  writable: boolean,
  more = '',
): string {
  const target = join(scratch.root, name);
  for (const folder of [target, `${target}.upper`, `${target}.work`]) mkdirSync(folder);
  const dirs = writable ? `,upperdir=${target}.upper,workdir=${target}.work` : '';
  const userxattr = namespace === 'user' ? ',userxattr' : '';
  scratch.overlay(`lowerdir=${lowest.toReversed().join(':')}${dirs}${userxattr}${more}`, target, writable);
  return target;
}

/** Every listed name, with what a look at it gives. */
function show(root: string, path = ''): string[] {
  const lines: string[] = [];
  for (const name of readdirSync(join(root, path)).sort()) {
    const child = join(path, name);
    const stat = lstatSync(join(root, child), { throwIfNoEntry: false });
    if (stat === undefined) lines.push(`${child}: listed, but not there`);
    else if (stat.isDirectory()) lines.push(`${child}/`, ...show(root, child));
    else lines.push(`${child}: ${stat.isFile() ? readFileSync(join(root, child), 'utf8') : 'a device'}`);
  }
  return lines;
}
