// Pushes to a real registry over a line that breaks.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { noise } from '../support/entries.ts';
import { needs } from '../support/needs.ts';
import { startRegistryProcess, type RegistryProcess } from '../support/registry-process.ts';
import { makeClient } from './clients.ts';

const MIB = 1 << 20;

interface Line extends AsyncDisposable {
  readonly host: string;
  readonly cuts: number;
}

/** A line to `host` that closes a connection after `bytes` towards it without an answer, `times` times. */
async function breakingLine(host: string, bytes: number, times: number): Promise<Line> {
  let cuts = 0;
  const server = createServer((near) => {
    const [address = '', port] = host.split(':');
    const far = connect(Number(port), address);
    let sent = 0;
    for (const socket of [near, far]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    far.pipe(near);
    far.on('data', () => {
      sent = 0;
    });
    near.on('data', (piece) => {
      sent += piece.length;
      if (sent > bytes && cuts < times) {
        cuts += 1;
        near.destroy();
      } else if (!far.write(piece)) {
        near.pause();
        far.once('drain', () => near.resume());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

suite('a push to docker-registry', { skip: needs('docker-registry') }, () => {
  let registry: RegistryProcess;
  let folder = '';
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazypull-registry-'));
    registry = await startRegistryProcess({ dir: folder });
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const lines: readonly [name: string, bytes: number, times: number][] = [
    ['breaks once', 3 * MIB, 1],
    ['breaks three times', 9 * MIB, 3],
    ['lets no request of more than 6 MiB through', 6 * MIB, Infinity],
  ];
  for (const [index, [name, most, times]] of lines.entries()) {
    test(`gets there over a line that ${name}`, async () => {
      await using line = await breakingLine(registry.host, most, times);
      await using client = makeClient();
      const bytes = noise(20 * MIB + 5, index + 1);
      const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length };
      {
        await using pusher = client.pusher(parseReference(`${line.host}/a/b:v1`));
        async function* open(offset: number): AsyncGenerator<Uint8Array> {
          for (let at = offset; at < bytes.length; at += 256 << 10) yield bytes.subarray(at, at + (256 << 10));
        }
        await pusher.pushBlob({ descriptor, open });
      }
      assert.ok(line.cuts > 0);
      const stored = await client.fetchBlob(parseReference(`${registry.host}/a/b:v1`), descriptor);
      assert.ok(bytes.equals(stored));
    });
  }
});
