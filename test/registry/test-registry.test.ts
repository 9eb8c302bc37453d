// The test registry as a process of its own, over an OCI layout: what demos and benchmarks use.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { digestHex, digestOf } from '../../src/oci/digest.ts';
import { OCI_LAYER_GZIP, OCI_MANIFEST } from '../../src/oci/media-types.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { TestRegistry } from '../support/registry.ts';
import { addRandomBlob, makeClient, temporaryFolder } from './clients.ts';

const MAIN = fileURLToPath(new URL('../support/registry-main.ts', import.meta.url));

describe('the test registry', () => {
  test('serves an OCI layout from a process of its own, and counts', async () => {
    using folder = temporaryFolder();
    mkdirSync(`${folder.path}/blobs/sha256`, { recursive: true });
    const write = (text: string, mediaType: string): object => {
      const digest = digestOf(Buffer.from(text));
      folder.write(`blobs/sha256/${digestHex(digest)}`, text);
      return { mediaType, digest, size: text.length };
    };
    const layer = write('the layer', OCI_LAYER_GZIP);
    const image = { schemaVersion: 2, mediaType: OCI_MANIFEST, config: layer, layers: [layer] };
    const annotations = { 'org.opencontainers.image.ref.name': 'x/y:v7' };
    const manifests = [{ ...write(JSON.stringify(image), OCI_MANIFEST), annotations }];
    folder.write('index.json', JSON.stringify({ schemaVersion: 2, manifests }));

    const args = [MAIN, '--layout', `${folder.path}=x/y`, '--listen', '127.0.0.1:0', '--redirect'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const { host, url } = JSON.parse(line.toString()) as { host: string; url: string };
      await using client = makeClient();
      const reference = parseReference(`${host}/x/y:v7`);
      const { manifest } = await client.resolveImage(reference, { os: 'linux', architecture: 'amd64' });
      assert.equal(Buffer.from(await client.fetchBlob(reference, manifest.config)).toString(), 'the layer');
      const stats = (await (await fetch(`${url}/_stats`)).json()) as { requests: number; bytes: number };
      assert.equal(stats.requests, 3);
      assert.equal(stats.bytes, JSON.stringify(image).length + 'the layer'.length);
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  test('takes pushes: a blob whole, in chunks and mounted, and a manifest', async () => {
    await using registry = await TestRegistry.start();
    const [one, two] = [Buffer.from('one'), Buffer.from('two')];
    const uploads = `${registry.url}/v2/new/blobs/uploads/`;
    const whole = await fetch(`${uploads}?digest=${digestOf(one)}`, { method: 'POST', body: one });
    assert.equal(whole.status, 201);
    const started = await fetch(uploads, { method: 'POST' });
    const next = (response: Response): string => new URL(response.headers.get('location') ?? '', registry.url).href;
    const patched = await fetch(next(started), { method: 'PATCH', body: two.subarray(0, 1) });
    assert.equal(patched.status, 202);
    const stale = await fetch(next(started), { method: 'PATCH', body: two.subarray(1) });
    assert.equal(stale.status, 400);
    const last = `${next(patched)}&digest=${digestOf(two)}`;
    assert.equal((await fetch(last, { method: 'PUT', body: two.subarray(1) })).status, 201);
    const mounted = await fetch(`${registry.url}/v2/other/blobs/uploads/?mount=${digestOf(two)}&from=new`, {
      method: 'POST',
    });
    assert.equal(mounted.status, 201);
    assert.equal(await (await fetch(`${registry.url}/v2/other/blobs/${digestOf(two)}`)).text(), 'two');
    const wrong = await fetch(`${uploads}?digest=${digestOf(two)}`, { method: 'POST', body: one });
    assert.equal(wrong.status, 400);
    const headers = { 'content-type': OCI_MANIFEST };
    const manifest = await fetch(`${registry.url}/v2/new/manifests/v1`, { method: 'PUT', body: '{}', headers });
    assert.equal(manifest.status, 201);
    const read = await fetch(`${registry.url}/v2/new/manifests/v1`);
    assert.deepEqual([read.headers.get('content-type'), await read.text()], [OCI_MANIFEST, '{}']);
  });

  test('fails the test whose CDN sees credentials', async () => {
    const registry = await TestRegistry.start({ knobs: { redirectTo: 'cdn' } });
    const { digest } = addRandomBlob(registry, 10);
    await fetch(`${registry.cdnUrl}/cdn/a/b/${digest}`, { headers: { authorization: 'Bearer x' } });
    await assert.rejects(registry.close(), /the CDN saw credentials/);
  });

  test('does several ranges in one request, or not', async () => {
    await using registry = await TestRegistry.start();
    const digest = registry.addBlob('a/b', Buffer.from('0123456789')).digest;
    const ask = (): Promise<Response> =>
      fetch(`${registry.url}/v2/a/b/blobs/${digest}`, { headers: { range: 'bytes=1-2,5-5' } });
    const parts = await ask();
    assert.match(parts.headers.get('content-type') ?? '', /^multipart\/byteranges; boundary=/);
    assert.match(await parts.text(), /bytes 1-2\/10\r\n\r\n12\r\n[^]*bytes 5-5\/10\r\n\r\n5\r\n/);
    registry.knobs.status501OnMultiRange = true;
    assert.equal((await ask()).status, 501);
    registry.knobs.status501OnMultiRange = false;
    registry.knobs.wholeBody = true;
    assert.equal(await (await ask()).text(), '0123456789');
  });
});
