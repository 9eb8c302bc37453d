import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { extract } from 'tar-stream';
import { LazypullError, UserError } from '../../src/errors.ts';
import type { ImageTarget } from '../../src/image/model.ts';
import type { Descriptor } from '../../src/oci/descriptor.ts';
import { digestHex } from '../../src/oci/digest.ts';
import { run } from '../support/run.ts';
import { SampleImage } from '../support/sample-image.ts';
import { copyImage, ImageWorld } from './images.ts';

const sample = new SampleImage('archive target');

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly mtime: number;
  readonly mode: number;
  readonly bytes: Buffer;
}

/** What another tar reader finds in an archive. */
async function entriesOf(archive: Buffer): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    const { mode, mtime, name, type } = entry.header;
    entries.push({ name, type, mtime: Number(mtime), mode, bytes: Buffer.concat(pieces) });
  }
  return entries;
}

async function copyTo(world: ImageWorld, target: ImageTarget): Promise<void> {
  if (!existsSync(world.path('in'))) sample.writeLayout(world.path('in'));
  await using source = await world.source(`oci:${world.path('in')}`);
  await copyImage(source, target);
}

describe('an archive to write', () => {
  test('has everything by name, without times', async () => {
    await using world = new ImageWorld();
    await copyTo(world, await world.target(`oci-archive:${world.path('a.tar')}:v1`));
    const entries = await entriesOf(readFileSync(world.path('a.tar')));
    const blobs = [...sample.blobs].map(([digest, bytes]): [string, Buffer] => [digestHex(digest), bytes]);
    const expected = [
      ['blobs/', 'directory', 0o755, undefined],
      ['blobs/sha256/', 'directory', 0o755, undefined],
      ...blobs
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([hex, bytes]) => [`blobs/sha256/${hex}`, 'file', 0o644, bytes]),
      ['index.json', 'file', 0o644, undefined],
      ['oci-layout', 'file', 0o644, undefined],
    ] as const;
    assert.deepEqual(
      entries.map(({ mode, name, type }) => [name, type, mode]),
      expected.map(([name, type, mode]) => [name, type, mode]),
    );
    for (const [index, [, , , bytes]] of expected.entries()) {
      if (bytes !== undefined) assert.deepEqual(entries[index]?.bytes, bytes);
    }
    assert.ok(entries.every(({ mtime }) => mtime === 0));
    assert.deepEqual(world.leftovers(), []);
  });

  test('is unpacked by tar into a layout', async () => {
    await using world = new ImageWorld();
    await copyTo(world, await world.target(`oci-archive:${world.path('a.tar')}:v1`));
    mkdirSync(world.path('unpacked'));
    await run('tar', ['-C', world.path('unpacked'), '-xf', world.path('a.tar')]);
    await using source = await world.source(`oci:${world.path('unpacked')}:v1`);
    await copyImage(source, await world.target(`oci:${world.path('check')}`));
  });

  test('replaces a file when it is complete, and not before', async () => {
    await using world = new ImageWorld();
    writeFileSync(world.path('a.tar'), 'old');
    for (const complete of [false, true]) {
      await using target = await world.target(`oci-archive:${world.path('a.tar')}`);
      if (!complete) target.finish = () => Promise.reject(new Error('stop'));
      await copyTo(world, target).catch((error: Error) => assert.equal(error.message, 'stop'));
      assert.equal(readFileSync(world.path('a.tar')).length > 1000, complete);
    }
    assert.deepEqual(world.leftovers(), []);
  });

  test('leaves nothing when it is aborted while it is written', async () => {
    await using world = new ImageWorld();
    await using target = await world.target(`oci-archive:${world.path('a.tar')}`);
    const finish = target.finish.bind(target);
    const controller = new AbortController();
    target.finish = async (root) => {
      const finishing = finish(root, controller.signal);
      controller.abort(new Error('enough'));
      await finishing;
    };
    await assert.rejects(copyTo(world, target), { message: 'enough' });
    await target[Symbol.asyncDispose]();
    assert.equal(existsSync(world.path('a.tar')), false);
    assert.deepEqual([world.leftovers(), readdirSync(world.path('work'))], [[], []]);
  });

  test('leaves nothing when it can not be put in its place', async () => {
    await using world = new ImageWorld();
    await using target = await world.target(`oci-archive:${world.path('a.tar')}`);
    mkdirSync(world.path('a.tar'));
    await assert.rejects(copyTo(world, target), { code: 'EISDIR' });
    await target[Symbol.asyncDispose]();
    assert.deepEqual(world.leftovers(), []);
  });

  test('is refused at once where no file can be', async () => {
    await using world = new ImageWorld();
    await run('mkfifo', [world.path('pipe')]);
    mkdirSync(world.path('folder'));
    for (const [name, says] of [
      ['folder', /is a folder.*\n.*oci:/],
      ['pipe', /is not a file.*\n.*write -/],
      ['none/a.tar', /there is no folder/],
    ] as const) {
      await assert.rejects(world.target(`oci-archive:${world.path(name)}`), (error: Error) => {
        assert.match(error.message, says);
        return error instanceof UserError;
      });
    }
  });
});

describe('an archive for docker', () => {
  const read = async (world: ImageWorld): Promise<Map<string, Buffer>> =>
    new Map((await entriesOf(readFileSync(world.path('a.tar')))).map(({ bytes, name }) => [name, bytes]));
  const architecture = process.arch === 'x64' ? sample.config : undefined;

  test("has a manifest.json that names blobs of the layout, of this machine's platform", async () => {
    await using world = new ImageWorld();
    await copyTo(world, await world.target(`docker-archive:${world.path('a.tar')}:org/app`));
    const files = await read(world);
    const [image, ...others] = JSON.parse(String(files.get('manifest.json'))) as {
      Config: string;
      RepoTags: string[];
      Layers: string[];
    }[];
    assert.ok(image !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(image.RepoTags, ['org/app:latest']);
    if (architecture !== undefined) assert.equal(image.Config, `blobs/sha256/${digestHex(architecture.digest)}`);
    assert.deepEqual(
      image.Layers,
      sample.layers.map(({ digest }) => `blobs/sha256/${digestHex(digest)}`),
    );
    for (const name of [image.Config, ...image.Layers]) assert.ok(files.has(name));
    const index = JSON.parse(String(files.get('index.json'))) as { manifests: Descriptor[] };
    assert.deepEqual(index.manifests[0]?.annotations, {
      'io.containerd.image.name': 'docker.io/org/app:latest',
      'org.opencontainers.image.ref.name': 'latest',
    });
  });

  test('has an image without a name when it gets none', async () => {
    await using world = new ImageWorld();
    await copyTo(world, await world.target(`docker-archive:${world.path('a.tar')}`));
    const [image] = JSON.parse(String((await read(world)).get('manifest.json'))) as { RepoTags: unknown }[];
    assert.equal(image?.RepoTags, null);
  });

  test('is refused when there is no image in it', async () => {
    await using world = new ImageWorld();
    await using target = await world.target(`docker-archive:${world.path('a.tar')}`);
    const root = { descriptor: sample.index, bytes: sample.bytes(sample.index) };
    await assert.rejects(target.finish(root), { code: 'NOT_FOUND' });
    assert.equal(existsSync(world.path('a.tar')), false);
  });
});

describe('standard output', () => {
  test('is refused when it is a terminal, with the reason', async () => {
    await using world = new ImageWorld();
    world.stdout = Object.assign(new PassThrough(), { isTTY: true });
    await assert.rejects(world.target('-'), /standard output is a terminal.*\n.*oci-archive:FILE/);
  });

  test('gets nothing before the image is complete, and is left open after it', async () => {
    await using world = new ImageWorld();
    let bytes = 0;
    world.stdout.on('data', (piece: Buffer) => (bytes += piece.length));
    await using target = await world.target('-');
    const finish = target.finish.bind(target);
    let before = -1;
    target.finish = async (root) => {
      before = bytes;
      await finish(root);
    };
    await copyTo(world, target);
    assert.equal(before, 0);
    assert.ok(bytes > 200_000);
    assert.equal(world.stdout.writable, true);
    assert.deepEqual(world.leftovers(), []);
  });

  test('that nobody reads any more is an error, and leaves nothing', async () => {
    await using world = new ImageWorld();
    let writes = 0;
    const closed = new Writable({
      write: (_piece, _encoding, done) =>
        done(++writes > 2 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null),
    });
    world.stdout = closed as PassThrough;
    await using target = await world.target('-');
    await assert.rejects(copyTo(world, target), (error: LazypullError) => {
      assert.equal(error.code, 'ABORTED');
      return /stopped before the end/.test(error.message);
    });
    await target[Symbol.asyncDispose]();
    assert.deepEqual(world.leftovers(), []);
  });
});

test('a folder for temporary files that can not be made is an error that names it', async () => {
  await using world = new ImageWorld();
  writeFileSync(world.path('work'), 'a file');
  await using target = await world.target(`oci-archive:${world.path('a.tar')}`);
  await assert.rejects(copyTo(world, target), (error: Error) => {
    return error instanceof UserError && error.message.includes(world.path('work'));
  });
});
