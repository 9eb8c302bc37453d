// Layers from an attacker who controls blob and manifest: whatever the table of contents says, the layer is refused or
// it is a tree that can be read. The daemon does not die of it, and the kernel has nothing to complain about.
import assert from 'node:assert/strict';
import { uptime } from 'node:os';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { DEMAND_ONLY, Drill, noiseFiles } from '../support/drill.ts';
import { char, dir, fifo, file, hardlink, symlink } from '../support/entries.ts';
import { buildEstargz, type BuildOptions } from '../support/estargz.ts';
import { hostileToc } from '../support/hostile-toc.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';

const MUTANTS = 150;
const KIB = 1024;
/** In turn: the dialect of containers/storage has holes, and frames that end with their chunks. */
const FORMATS = ['estargz', 'zstd:chunked-containers'] as const;
const entries = [
  ...noiseFiles(3, 40 * KIB),
  dir('d/', { xattrs: { 'user.k': 'v' } }),
  file('d/small', 'small'),
  file('d/sparse', Buffer.concat([Buffer.from('x'), Buffer.alloc(40 * KIB), Buffer.from('x')])),
  symlink('d/link', '../data/00'),
  hardlink('d/hard', 'data/01'),
  char('d/char', 1, 3),
  fifo('d/fifo'),
];
/** What a refusal may be called: false, without digests, or larger than what is served lazily. */
const REFUSALS = new Set(['invalid', 'unverifiable', 'unsupported']);

suite('a hostile table of contents', { skip: needs('root', 'fuse', 'erofs') }, () => {
  let drill: Drill;
  let pid: number;
  before(async () => {
    drill = await Drill.start({ config: DEMAND_ONLY });
    pid = await drill.daemon.servingPid();
  });
  after(async () => {
    await using ended = drill;
    assert.deepEqual(await ended.stop(), { status: 0, left: [] });
  });

  test(`${MUTANTS} mutants: each is refused as invalid, or its tree can be read`, async (t) => {
    const startedSec = uptime();
    const outcomes = {
      estargz: { mounted: 0, refused: 0 },
      'zstd:chunked-containers': { mounted: 0, refused: 0 },
    };
    let number = 0;
    const property = fc.asyncProperty(hostileToc, async (patch) => {
      const format = FORMATS[number++ % FORMATS.length]!;
      const mounted = await probe(`mutant-${number}`, { format, tocPatch: patch });
      outcomes[format][mounted ? 'mounted' : 'refused']++;
    });
    await fc.assert(property, { numRuns: MUTANTS, endOnFailure: true });
    // Both ways were taken: else this test would say nothing.
    for (const { mounted, refused } of Object.values(outcomes))
      assert.ok(mounted > 5 && refused > 5, JSON.stringify(outcomes));
    assert.equal(await drill.daemon.servingPid(), pid, 'the serving process died');
    assert.deepEqual(await kernelComplaints(startedSec), []);
    t.diagnostic(JSON.stringify(outcomes));
  });

  /** @returns whether the layer was mounted. @throws when that, or reading it, went another way than it may. */
  async function probe(name: string, options: BuildOptions): Promise<boolean> {
    const labels = drill.publish(name, buildEstargz(entries, { chunkSize: 16 * KIB, ...options }));
    const answer = await drill.prepare(labels);
    if ('reason' in answer) {
      assert.ok(REFUSALS.has(answer.kind), `${answer.kind}: ${answer.reason}`);
      return false;
    }
    try {
      await readTree(answer.mountpoint);
    } finally {
      await drill.remove(answer.name);
    }
    return true;
  }
});

/** Walks a tree and reads its files. A file may fail (its chunks are not what they should be), a directory may not. */
async function readTree(root: string): Promise<void> {
  const env = { ...process.env, LC_ALL: 'C' };
  const { status, stderr } = await run('find', [root, '-ls'], { check: false, timeoutMs: 20_000, env });
  assert.equal(status, 0, `the tree can't be walked: ${stderr.slice(0, 500)}`);
  const command = ['-r', '-q', '--directories=recurse', '--devices=skip', '-c', 'no such text', root];
  const read = await run('grep', command, { check: false, timeoutMs: 20_000, env });
  assert.ok(read.status <= 2, `reading hangs, or died: ${read.status}`);
}

/**
 * What EROFS said of damaged images since then; nothing where the log may not be read. A file without a superblock is
 * not mounted at all: such lines come from others who probe the kernel.
 */
async function kernelComplaints(sinceSec: number): Promise<string[]> {
  const { stdout } = await run('dmesg', [], { check: false });
  const harmless = /mounted with root inode|unmounted|cannot find valid erofs superblock/;
  const said = stdout.matchAll(/^\[ *(\d+\.\d+)\] (erofs \(device.*)$/gm);
  return [...said].flatMap(([, sec, text = '']) => (Number(sec) < sinceSec || harmless.test(text) ? [] : [text]));
}
