import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from '../../src/cli/format.ts';
import { layerLine, PullReporter, summaryLine, type PullReporterOptions } from '../../src/cli/pull-reporter.ts';
import { explainLayers } from '../../src/cli/layer-reasons.ts';
import { statusText } from '../../src/cli/status-command.ts';
import { ControlClient } from '../../src/cli/control-client.ts';
import type { PulledLayer } from '../../src/containerd/layer-puller.ts';
import type { PullResult } from '../../src/containerd/pull.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { sampleStatus } from '../support/daemon-status.ts';

test('bytes are printed in decimal units with one digit', () => {
  for (const [bytes, text] of [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [155_200_000, '155.2 MB'],
    [3e12, '3.0 TB'],
  ] as const)
    assert.equal(formatBytes(bytes), text);
});

test('times are printed as people say them', () => {
  for (const [seconds, text] of [
    [0.214, '0.21 s'],
    [59.96, '60.0 s'],
    [61, '1 min 1 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 0 min'],
    [90_000, '1 d 1 h'],
  ] as const)
    assert.equal(formatSeconds(seconds), text);
});

test('words from outside can not steer a terminal', () => {
  assert.equal(printable('a\u001b[31mred\u0007\u009b\u202e\n'), 'a?[31mred????');
  assert.equal(printable('gr\u00fc\u00df'), 'gr\u00fc\u00df');
  assert.equal(plural(1, 'layer'), '1 layer');
  assert.equal(plural(0, 'layer'), '0 layers');
  assert.equal(shortDigest(`sha256:${'ab'.repeat(32)}`), 'sha256:abababababab');
});

test('the status names every image, layer, fallback and figure', () => {
  const text = statusText(sampleStatus(), 1_700_003_700);
  for (const line of [
    /^lazypull 0\.1\.0, pid 4711, up 1 h 1 min, restarted 3 times, 99\.0 MB resident$/m,
    /^mounts: tier A \(EROFS mounts from a file\), transport wire$/m,
    /^cache: 12\.3 kB in 2 layers, limit 1\.0 MB$/m,
    /^registry: 11 requests, 1\.1 kB, 1 retry$/m,
    /^reads: 200, of which 3 had to wait; 4 errors, 5 verification errors$/m,
    /^consumer containerd: \/run\/lazypull\/snapshotter\.sock, 5 snapshots$/m,
    /^credentials cri: of pulls of 2 images$/m,
    /^credentials kubernetes: 1 image pull secret; may be out of date: it is away$/m,
    /^registry\.test\/app:1 \(containerd\)$/m,
    /^ {2}sha256:\w{12} {2}complete {2}100 % local, 1\.0 kB of 1\.0 kB fetched, 2 faults$/m,
    /^ {2}sha256:\w{12} {2}lazy {8}0 % local, 80 B of 9\.0 kB fetched, 1 fault, prefetch done$/m,
    /^ {2}sha256:\w{12} {2}ordinary {2}the blob has no table of contents$/m,
    /^not lazy:\n {2}1 h 0 min ago {2}registry\.test\/other:1 sha256:\w{12} {2}not-estargz: the blob has no table of contents$/m,
  ])
    assert.match(text, line);
});

const digest = digestOf(Buffer.from('app'));
const pulled: PulledLayer = {
  digest,
  size: 45_200_000,
  chainId: digest,
  state: 'lazy',
  downloadedBytes: 0,
  durationMs: 123,
};
const ordinary: PulledLayer = { ...pulled, state: 'ordinary', size: 1000, downloadedBytes: 1000 };
const result: PullResult = {
  name: 'registry.test/app:1',
  target: { mediaType: 'm', digest, size: 1 },
  manifestDigest: digest,
  layers: [pulled, ordinary],
  downloadedBytes: 1000,
  durationMs: 2500,
};

test('a pulled layer is one line, with the reason when it is not lazy', () => {
  assert.match(layerLine(1, 4, pulled), /^2\/4 sha256:\w{12} {2}lazy {7}45\.2 MB {2}0\.12 s$/);
  assert.match(
    layerLine(1, 4, { ...ordinary, reason: 'no \u001b[0mtable' }),
    /ordinary {4}1\.0 kB {2}0\.12 s {2}not lazy: no \?\[0mtable$/,
  );
});

test('the summary counts layers and all bytes that came over the network', () => {
  const line = summaryLine(result, [{ ...pulled, fetchedBytes: 2_000_000 }, ordinary]);
  assert.equal(line, 'registry.test/app:1: 2 layers (1 lazy, 1 ordinary), 2.0 MB of 45.2 MB downloaded, 2.50 s');
});

function reporter(options: Partial<PullReporterOptions>): { reporter: PullReporter; out: string[]; drawn: string[] } {
  const [out, drawn]: [string[], string[]] = [[], []];
  const made = new PullReporter({
    name: 'a',
    json: false,
    env: {},
    explain: (layers) => Promise.resolve([...layers]),
    terminal: { isTTY: true, write: (text) => drawn.push(text) },
    write: (text) => void out.push(text),
    ...options,
  });
  made.progress({ kind: 'resolved', manifestDigest: digest, layers: [{ mediaType: 'm', digest, size: 10_000 }] });
  made.progress({ kind: 'downloading', index: 0, bytes: 5000 });
  made.progress({ kind: 'layer', index: 0, layer: pulled });
  return { reporter: made, out, drawn };
}

test('on a terminal the progress is drawn and taken away again; the lines stay', async () => {
  const { reporter: made, out, drawn } = reporter({});
  await made.finish(result, 'linux/amd64');
  assert.deepEqual(drawn, ['\r\u001b[Kdownloading 1 layer: 5.0 kB of 10.0 kB', '\r\u001b[K']);
  assert.equal(out.length, 2);
});

for (const [title, options] of [
  ['without a terminal', { terminal: { isTTY: false, write: () => assert.fail('drawn') } }],
  ['in CI', { env: { CI: 'true' } }],
  ['with NO_COLOR', { env: { NO_COLOR: '1' } }],
  ['with --json', { json: true }],
] as const) {
  test(`${title} nothing is drawn`, async () => {
    const { reporter: made, out, drawn } = reporter(options);
    await made.finish(result, 'linux/amd64');
    assert.deepEqual(drawn, []);
    assert.ok(!out.join('').includes('\u001b'));
    if ('json' in options) assert.deepEqual(JSON.parse(out.join('')), { ...result, platform: 'linux/amd64' });
  });
}

test('layers are explained by the daemon, and left alone without one', async (t) => {
  const layers = [
    { ...pulled, digest },
    { ...ordinary, digest: digestOf(Buffer.from('other')) },
  ];
  const client = new ControlClient('/nonexistent/control.sock');
  assert.deepEqual(await explainLayers(client, 'registry.test/other:1', layers), layers);
  t.mock.method(client, 'status', () => Promise.resolve(sampleStatus()));
  assert.deepEqual(await explainLayers(client, 'registry.test/other:1', layers), [
    { ...layers[0], fetchedBytes: 80 },
    { ...layers[1], reason: 'the blob has no table of contents', kind: 'not-estargz' },
  ]);
});
