// The client against the gRPC library's server.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CallError, openChannel } from '../../buildkit-frontend/channel.ts';
import { openBridge } from '../../buildkit-frontend/bridge.ts';
import { encode, GatewayError, startGateway } from '../support/gateway.ts';

const READ = '/moby.buildkit.v1.frontend.LLBBridge/ReadFile';

suite('a channel to buildkitd', () => {
  test('carries messages of many megabytes both ways, several at once', async () => {
    const data = Buffer.alloc(5 << 20, 'x');
    await using gateway = await startGateway({ ReadFile: ({ FilePath }) => ({ Data: Buffer.from(String(FilePath)) }) });
    using channel = openChannel(gateway.connect());
    const paths = [data.toString(), 'short', ''];
    const answers = await Promise.all(
      paths.map((FilePath) => channel.call(READ, encode('ReadFileRequest', { FilePath }))),
    );
    assert.deepEqual(
      answers.map((answer) => Buffer.from(answer)),
      paths.map((path) => encode('ReadFileResponse', { Data: Buffer.from(path) })),
    );
  });

  test('an error has code, message and all details', async () => {
    const details = encode('Status', {
      code: 5,
      message: 'größer',
      details: [{ type_url: 'x', value: Buffer.alloc(30_000, 1) }],
    });
    await using gateway = await startGateway({
      ReadFile: () => {
        throw new GatewayError(5, 'größer 100%', details);
      },
    });
    using channel = openChannel(gateway.connect());
    await assert.rejects(channel.call(READ, new Uint8Array(0)), (error) => {
      assert.ok(error instanceof CallError);
      assert.equal(error.code, 'NOT_FOUND');
      assert.equal(error.grpcCode, 5);
      assert.equal(error.message, 'größer 100%');
      assert.deepEqual(Buffer.from(error.status), details);
      return true;
    });
    // The session goes on.
    await assert.rejects(channel.call(READ, new Uint8Array(0)), CallError);
  });

  test('an error without details gets some', async () => {
    await using gateway = await startGateway({
      ReadFile: () => {
        throw new GatewayError(9, 'no');
      },
    });
    using channel = openChannel(gateway.connect());
    await assert.rejects(channel.call(READ, new Uint8Array(0)), (error) => {
      assert.ok(error instanceof CallError);
      assert.deepEqual(Buffer.from(error.status), encode('Status', { code: 9, message: 'no' }));
      return true;
    });
  });

  test('an abort cancels one call and no other', async () => {
    const abort = new AbortController();
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    await using gateway = await startGateway({
      ReadFile: ({ FilePath }) => {
        if (FilePath !== 'never') return { Data: Buffer.from('here') };
        resolve();
        return new Promise(() => {});
      },
    });
    using channel = openChannel(gateway.connect());
    const bridge = openBridge(channel);
    const never = bridge.readFile(new Uint8Array(0), 'never', abort.signal);
    await reached;
    abort.abort(new Error('given up'));
    await assert.rejects(never, /given up/);
    await assert.rejects(bridge.readFile(new Uint8Array(0), 'never', abort.signal), /given up/);
    assert.equal(Buffer.from(await bridge.readFile(new Uint8Array(0), 'other')).toString(), 'here');
  });

  test('a connection that ends is an error of the calls', async () => {
    const gateway = await startGateway({ ReadFile: () => new Promise(() => {}) });
    using channel = openChannel(gateway.connect());
    const call = channel.call(READ, new Uint8Array(0));
    call.catch(() => {});
    while (gateway.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await gateway[Symbol.asyncDispose]();
    await assert.rejects(call, (error) => error instanceof CallError && error.code === 'UNAVAILABLE');
    await assert.rejects(channel.call(READ, new Uint8Array(0)), CallError);
  });
});
