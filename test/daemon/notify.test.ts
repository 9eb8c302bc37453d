// What a service manager hears, over a real datagram socket.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import koffi from 'koffi';
import { createNotifier, encodeUnixAddress } from '../../src/daemon/notify.ts';
import { FormatError } from '../../src/errors.ts';

const libc = koffi.load(null);
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const void *, uint)');
const recv = libc.func('long recv(int, _Out_ uint8_t *, size_t, int)');
const close = libc.func('int close(int)');
const MSG_DONTWAIT = 0x40;

/** A bound datagram socket and what lies in it. */
function listen(path: string): { heard(): string | undefined; [Symbol.dispose](): void } {
  const address = encodeUnixAddress(path);
  const fd = socket(1, 2, 0) as number;
  assert.equal(bind(fd, address, address.length), 0);
  return {
    heard() {
      const buffer = Buffer.alloc(4096);
      const length = Number(recv(fd, buffer, buffer.length, MSG_DONTWAIT));
      return length < 0 ? undefined : buffer.toString('utf8', 0, length);
    },
    [Symbol.dispose]: () => void close(fd),
  };
}

function hearAll(path: string): void {
  using manager = listen(path);
  const notifier = createNotifier({ NOTIFY_SOCKET: path, WATCHDOG_USEC: '10000000' });
  notifier.ready();
  assert.equal(manager.heard(), 'READY=1');
  notifier.reloading();
  assert.match(manager.heard() ?? '', /^RELOADING=1\nMONOTONIC_USEC=\d+$/);
  notifier.stopping();
  assert.equal(manager.heard(), 'STOPPING=1');
  notifier.status('two\nlines');
  assert.equal(manager.heard(), 'STATUS=two lines');
  assert.equal(notifier.watchdogMs, 5000);
  notifier.watchdog();
  assert.equal(manager.heard(), 'WATCHDOG=1');
  assert.equal(manager.heard(), undefined);
}

test('every state reaches a socket with a path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazypull-notify-'));
  hearAll(join(folder, 'notify'));
  rmSync(folder, { recursive: true });
});

test('every state reaches a socket in the abstract namespace', () => {
  hearAll(`@lazypull-test-${process.pid}`);
});

test('without NOTIFY_SOCKET nothing is sent and nothing fails', () => {
  const notifier = createNotifier({ WATCHDOG_USEC: '10000000' });
  notifier.ready();
  assert.equal(notifier.watchdogMs, undefined);
});

test('a manager that is gone is no error', () => {
  assert.doesNotThrow(() => createNotifier({ NOTIFY_SOCKET: '/nowhere/at/all' }).ready());
  assert.doesNotThrow(() => createNotifier({ NOTIFY_SOCKET: 'relative' }).ready());
});

test('the variables are taken out of the environment, and a watchdog for another process is not ours', () => {
  const env = { NOTIFY_SOCKET: '/x', WATCHDOG_USEC: '10', WATCHDOG_PID: String(process.pid + 1), OTHER: 'stays' };
  assert.equal(createNotifier(env).watchdogMs, undefined);
  assert.deepEqual(env, { OTHER: 'stays' });
});

test('addresses have a zero byte at the end, abstract ones at the beginning', () => {
  assert.equal(encodeUnixAddress('/a').toString('hex'), '01002f6100');
  assert.equal(encodeUnixAddress('@a').toString('hex'), '01000061');
  assert.equal(encodeUnixAddress(`/${'a'.repeat(106)}`).length, 110);
  for (const path of ['', 'a', `/${'a'.repeat(107)}`]) assert.throws(() => encodeUnixAddress(path), FormatError);
});
