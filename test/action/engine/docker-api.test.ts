import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { dockerInfo, isOwnSocket, socketOf } from '../../../action/engine/docker-api.ts';

/** A socket on which somebody answers. */
async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-docker-api-'));
  const server = createServer(listener);
  t.after(() => {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const path = join(dir, 'docker.sock');
  server.listen(path);
  await once(server, 'listening');
  return path;
}

suite("Docker's socket", () => {
  test('tells the driver and how many images there are', async (t) => {
    const asked: (string | undefined)[] = [];
    const path = await serve(t, (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(JSON.stringify({ Driver: 'overlay2', Images: 7, ContainersRunning: 2, Other: 1 }));
    });
    assert.deepEqual(await dockerInfo(path), { driver: 'overlay2', images: 7, running: 2 });
    assert.deepEqual(asked, ['GET /info']);
  });

  const wrong: readonly (readonly [what: string, listener: RequestListener, message: RegExp])[] = [
    ['an error', (_, response) => response.writeHead(503).end('{"message": "s3cret"}'), /status 503 for \/info$/],
    ['no JSON', (_, response) => response.end('hello'), /\/info lacks Driver, Images or ContainersRunning$/],
    ['other JSON', (_, response) => response.end('{"Driver": 1}'), /\/info lacks Driver, Images or ContainersRunning$/],
    ['half an answer', (_, response) => void response.write('{"Dri', () => response.destroy()), /aborted|hang up/],
    ['nothing', (request) => void request.socket.destroy(), /hang up/],
    ['too much', (_, response) => void response.end('x'.repeat(5 << 20)), /more than 4194304 bytes/],
  ];
  for (const [what, listener, message] of wrong) {
    test(`${what} for an answer is an error that names the socket`, async (t) => {
      const path = await serve(t, listener);
      await assert.rejects(dockerInfo(path), (error: Error & { code: string }) => {
        assert.equal(error.code, 'UNAVAILABLE');
        assert.match(error.message, message);
        assert.ok(error.message.includes(path));
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    });
  }

  test('that is not there is an error too', async () => {
    await assert.rejects(dockerInfo('/nowhere/docker.sock'), { code: 'UNAVAILABLE', message: /ENOENT/ });
  });

  test('is the path of an endpoint that has one', () => {
    assert.equal(socketOf('unix:///var/run/docker.sock'), '/var/run/docker.sock');
    for (const endpoint of ['tcp://127.0.0.1:2375', 'ssh://a@b', '', 'unix://relative'])
      assert.equal(socketOf(endpoint), undefined);
  });

  test("is the machine's own at its usual place only", () => {
    for (const path of ['/var/run/docker.sock', '/run/docker.sock']) assert.equal(isOwnSocket(`unix://${path}`), true);
    for (const endpoint of ['unix:///run/user/1000/docker.sock', 'tcp://127.0.0.1:2375', ''])
      assert.equal(isOwnSocket(endpoint), false);
  });
});
