// What we write is an ordinary image for whoever knows nothing of tables of contents: containerd with overlayfs, skopeo and
// umoci, GNU tar. And the reference's own tool finds the TOC digest that we name.
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { containerdProgram } from '../support/containerd.ts';
import { convert, publish } from '../support/convert-cli.ts';
import { treeOfFolder, treeOfImage, withoutImpliedTimes } from '../support/image-tree.ts';
import { image } from '../support/images.ts';
import { needs, requireProgram } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { type PeerWorld, startPeerWorld } from '../support/peer-world.ts';
import { stargzPeerProgram } from '../support/peers/stargz.ts';
import { run } from '../support/run.ts';
import { diffTrees, type TreeEntry } from '../support/tree.ts';

const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';
const skip = needs('root', 'busybox', 'ctr-remote', 'skopeo', 'umoci', containerdProgram('2'), stargzPeerProgram);

const variants: readonly { name: string; flags: readonly string[] }[] = [
  { name: 'estargz', flags: [] },
  { name: 'packed', flags: ['--min-chunk-size', '50000'] },
  { name: 'external', flags: ['--external-toc'] },
  { name: 'lossless', flags: ['--external-toc', '--keep-diff-id'] },
  { name: 'zstd-chunked', flags: ['--format', 'zstd:chunked'] },
  { name: 'containers', flags: ['--format', 'zstd:chunked-containers'] },
];

/** An eStargz has its TOC and its landmark as files, which only lazy snapshotters hide. */
function ownFiles(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^[-+] (stargz\.index\.json|\.(no\.)?prefetch\.landmark) /.test(line));
}

let world: PeerWorld;
let original: readonly TreeEntry[];
const startedSec = Math.floor(Date.now() / 1000);

suite('Other tools take what we write', { skip }, () => {
  before(async () => {
    world = await startPeerWorld();
    await world.add('small');
    original = await unpacked('small');
    for (const { name, flags } of variants) await publish(world.registry, 'small', name, flags);
  });
  after(() => world[Symbol.asyncDispose]());

  for (const { name } of variants) {
    test(`${name}: containerd unpacks it with overlayfs to the same tree, and it runs`, async () => {
      const tree = await unpacked(name, async () => {
        assert.equal(await world.container(name, ['/bin/cat', '/data/one-byte'], 'overlayfs'), 'overwritten\n');
      });
      const [right = [], left = []] = withoutImpliedTimes(startedSec, original, tree);
      assert.deepEqual(ownFiles(diffTrees(left, right)), []);
    });
  }

  for (const name of ['estargz', 'external']) {
    test(`${name}: skopeo copies it and umoci unpacks it to the same tree`, async () => {
      const copied = await unpackByUmoci(name);
      const [right = [], left = []] = withoutImpliedTimes(startedSec, await unpackByUmoci('small'), copied);
      assert.deepEqual(ownFiles(diffTrees(left, right)), []);
    });
  }

  for (const { name, flag } of [
    { name: 'estargz', flag: [] },
    { name: 'packed', flag: [] },
    { name: 'zstd-chunked', flag: ['--zstdchunked'] },
  ]) {
    test(`${name}: ctr-remote finds the TOC digest that the manifest names`, async () => {
      const layers = await layersOf(name);
      assert.equal(layers.length, 3);
      await unpacked(name, async () => {
        for (const { digest, annotations } of layers) {
          const { stdout } = await world.containerd.ctrRemote(['images', 'get-toc-digest', ...flag, digest]);
          assert.equal(stdout.trim(), annotations[TOC_DIGEST]);
        }
      });
    });
  }

  test('GNU tar lists the same entries in every layer, and the TOC as a file behind them', async () => {
    const { layoutDir } = await image('small');
    const out = join(world.dir, 'layout');
    await convert(`oci:${layoutDir}`, `oci:${out}`);
    const listings = async (dir: string): Promise<string[][]> => {
      const layers = readLayout(dir).layers.map(({ path }) => run('tar', ['--full-time', '-tvzf', path]));
      return (await Promise.all(layers)).map(({ stdout }) => stdout.trim().split('\n'));
    };
    const theirs = await listings(layoutDir);
    for (const [index, lines] of (await listings(out)).entries()) {
      assert.match(lines.at(-1) ?? '', /stargz\.index\.json$/);
      assert.deepEqual(lines.slice(0, -1), theirs[index]);
    }
  });
});

/** The tree of an image that overlayfs unpacked. It is removed again: some have layers in common once they are unpacked. */
async function unpacked(name: string, meanwhile: () => Promise<void> = async () => {}): Promise<TreeEntry[]> {
  await world.pullOrdinarily(name);
  await meanwhile();
  const tree = await treeOfImage(world.containerd, world.ref(name), 'overlayfs', world.dir);
  await world.containerd.ctr(['images', 'rm', '--sync', world.ref(name)]);
  return tree;
}

interface LayerDescriptor {
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
}

async function layersOf(name: string): Promise<readonly LayerDescriptor[]> {
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`${world.registry.url}/v2/${name}/manifests/latest`, { headers: { accept } });
  return ((await answer.json()) as { layers: LayerDescriptor[] }).layers;
}

async function unpackByUmoci(name: string): Promise<TreeEntry[]> {
  const folder = await mkdtemp(join(world.dir, 'umoci-'));
  const [layout, bundle] = [join(folder, 'layout'), join(folder, 'bundle')];
  const from = `docker://${world.ref(name)}`;
  const copy = ['--insecure-policy', 'copy', '--src-tls-verify=false', from, `oci:${layout}:x`];
  // Its cache is in /var/lib whatever it is told.
  const hidden = ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /var/lib && exec "$@"', 'sh'];
  await run('unshare', [...hidden, requireProgram('skopeo'), ...copy]);
  await run(requireProgram('umoci'), ['unpack', '--image', `${layout}:x`, bundle]);
  return treeOfFolder(join(bundle, 'rootfs'));
}
