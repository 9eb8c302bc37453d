// `lazypull verify` as a process: what it says and where, and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { VerifyReporter, verificationText } from '../../src/cli/verify-reporter.ts';
import { textStyle } from '../../src/cli/text-style.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Finding, Verification } from '../../src/optimize/verify-model.ts';
import { CheckedImage, partsOf, type LayerParts } from '../support/checked-image.ts';
import { dir, file, noise } from '../support/entries.ts';
import { buildEstargz, type BuiltLayer } from '../support/estargz.ts';
import { MAIN } from '../support/recording.ts';
import { TestRegistry } from '../support/registry.ts';
import { run, type RunResult } from '../support/run.ts';
import { until } from '../support/until.ts';

const built = (mode?: number): BuiltLayer =>
  buildEstargz([dir('usr'), file('usr/tool', noise(20_000))], {
    tocPatch: (toc) => {
      if (mode !== undefined) toc.entries[1]!['mode'] = mode;
      return toc;
    },
  });
const RIGHT = partsOf(built());
const WRONG = partsOf(built(0o4777));
const SAID = 'usr/tool: mode is 04777 in the table of contents, 0644 in the tar';

function imageOf(t: TestContext, ...layers: LayerParts[]): CheckedImage {
  const image = new CheckedImage({ layers });
  t.after(() => image[Symbol.dispose]());
  return image;
}

const verify = (...args: string[]): Promise<RunResult> =>
  run(process.execPath, [MAIN, 'verify', '--all-platforms', ...args], { check: false });

suite('lazypull verify', () => {
  test('says that an image is right, and ends with 0', async (t) => {
    const { folder } = imageOf(t, RIGHT);
    const { status, stdout, stderr } = await verify(`oci:${folder}`);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(
      stdout,
      /^layer 1 sha256:\w{12} {2}ok {2}[\d.]+ kB, estargz, 2 entries, 1 chunk\noci:.*: ok: .*\/s\)\n$/,
    );
  });

  for (const command of ['verify', 'inspect'] as const) {
    test(`an interrupt ends ${command} with status 130`, async (t) => {
      await using registry = await TestRegistry.start({ knobs: { bytesPerSec: 500 } });
      registry.content.addLayout(imageOf(t, RIGHT).folder, 'app');
      const child = spawn(process.execPath, [MAIN, command, '--all-platforms', `${registry.host}/app:latest`], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const said: Buffer[] = [];
      child.stderr.on('data', (data: Buffer) => said.push(data));
      const closed = once(child, 'close');
      await until(() => registry.log.some(({ path }) => path.includes('/blobs/')), 'a blob is asked for');
      child.kill('SIGINT');
      const [status] = (await closed) as [number];
      assert.deepEqual([status, Buffer.concat(said).toString()], [130, 'lazypull: interrupted\n']);
    });
  }

  test('says what is wrong and in which layer, and ends with 1', async (t) => {
    const { folder } = imageOf(t, RIGHT, WRONG);
    const { status, stdout, stderr } = await verify(`oci:${folder}`);
    assert.deepEqual([status, stderr], [1, '']);
    assert.match(stdout, /^layer 1 .* ok /m);
    assert.match(stdout, /^layer 2 .* WRONG /m);
    assert.ok(stdout.includes(`layer 2 (${digestOf(WRONG.blob)}): ${SAID}\n`));
    assert.match(stdout, /: 1 finding: /);
  });

  test('--json has all findings, and the same status', async (t) => {
    const image = imageOf(t, WRONG);
    const { status, stdout } = await verify('--json', `oci:${image.folder}`);
    assert.equal(status, 1);
    const verification = JSON.parse(stdout) as Verification;
    assert.deepEqual([verification.version, verification.ok, verification.digest], [1, false, image.root]);
    const finding: Finding = {
      check: 'entry',
      path: 'usr/tool',
      message: SAID,
      expected: '0644',
      actual: '04777',
      offset: null,
    };
    assert.deepEqual(verification.images[0]!.layers[0]!.findings, [finding]);
  });

  test('--layer checks that one only', async (t) => {
    const { folder } = imageOf(t, RIGHT, WRONG);
    assert.equal((await verify('--layer', '1', `oci:${folder}`)).status, 0);
    assert.equal((await verify('--layer', '2', `oci:${folder}`)).status, 1);
    const { status, stderr } = await verify('--layer', '3', `oci:${folder}`);
    assert.equal(status, 1);
    assert.match(stderr, /no layer 3: the image has 2/);
  });

  test('takes a single blob', async (t) => {
    const path = join(imageOf(t, RIGHT).folder, 'layer.esgz');
    writeFileSync(path, WRONG.blob);
    const { status, stdout } = await verify(`blob:${path}`);
    assert.equal(status, 1);
    assert.ok(stdout.includes(SAID));
    writeFileSync(path, RIGHT.blob);
    assert.equal((await verify(`blob:${path}`)).status, 0);
  });

  test('an image that is not there is an error', async (t) => {
    const { folder } = imageOf(t, RIGHT);
    const { status, stderr, stdout } = await verify(`oci:${folder}/nothing`);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /there is no folder/);
  });
});

suite('the text', () => {
  const style = textStyle({}, { LANG: 'C' });

  function verification(findings: readonly Finding[], moreFindings = 0): Verification {
    const layer = {
      number: 1,
      digest: digestOf(RIGHT.blob),
      size: 10,
      ok: false,
      format: 'gzip' as const,
      diffId: null,
      uncompressedSize: null,
      tocDigest: null,
      counts: { entries: 0, chunks: 0, members: 0 },
      findings,
      moreFindings,
      durationMs: 1,
    };
    const image = { manifest: layer.digest, platform: null, ok: false, findings: [], layers: [layer] };
    return { version: 1, name: 'x', digest: layer.digest, ok: false, images: [image], bytes: 10, durationMs: 1 };
  }

  const finding: Finding = {
    check: 'tar',
    path: null,
    message: 'a\u001b[2Jb',
    expected: null,
    actual: null,
    offset: 0,
  };

  test('shows the first findings of a layer and counts the others', () => {
    const text = verificationText(
      verification(
        Array.from({ length: 30 }, () => finding),
        5,
      ),
      style,
    );
    assert.equal(text.match(/a\?\[2Jb/g)?.length, 20);
    assert.match(text, /^layer 1: 15 more findings; --json has more of them$/m);
    assert.match(text, /^x: 35 findings:/m);
  });

  test('can not steer a terminal', () => {
    assert.ok(!verificationText(verification([finding]), style).includes('\u001b'));
  });

  test('progress is drawn on a terminal only, and taken away', () => {
    const written = (isTTY: boolean): string => {
      let text = '';
      const terminal = { isTTY, write: (more: string) => void (text += more) };
      const reporter = new VerifyReporter({ terminal, env: {} });
      reporter.progress({ kind: 'planned', layers: 2, bytes: 1000 });
      reporter.stop();
      return text;
    };
    assert.match(written(true), /verifying: 0 of 2 layers, 0 B of 1.0 kB/);
    assert.ok(written(true).endsWith('\r\u001b[K'));
    assert.equal(written(false), '');
  });
});
