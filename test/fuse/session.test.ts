// What is made of a kernel's INIT offer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LazypullError } from '../../src/errors.ts';
import { InitFlag } from '../../src/fuse/abi.ts';
import { negotiate } from '../../src/fuse/session.ts';

const everything = { major: 7, minor: 44, maxReadahead: 131_072, flags: 0xff_ffff_ffffn };

test('a new kernel gets 1 MiB reads, resend and nothing that we did not ask for', () => {
  const init = negotiate(everything, true);
  assert.equal(init.minor, 40);
  assert.equal(init.maxPages, 256);
  assert.equal(init.maxReadahead, 131_072);
  assert.equal(init.maxWrite, 4096);
  assert.equal(
    init.flags,
    Object.values(InitFlag).reduce((all, flag) => all | flag, 0n),
  );
});

test('an older kernel gets its own minor version and only flags that it offered', () => {
  const init = negotiate({ ...everything, minor: 31, flags: InitFlag.ASYNC_READ | InitFlag.MAX_PAGES }, true);
  assert.equal(init.minor, 31);
  assert.equal(init.flags, InitFlag.ASYNC_READ | InitFlag.MAX_PAGES);
});

test('resend is not settled where the caller does not want it', () => {
  assert.equal(negotiate(everything, false).flags & InitFlag.HAS_RESEND, 0n);
});

test('kernels that speak another or too old a protocol are refused', () => {
  for (const version of [{ major: 8 }, { major: 6 }, { minor: 27 }]) {
    assert.throws(
      () => negotiate({ ...everything, ...version }, true),
      (error: unknown) => error instanceof LazypullError && error.code === 'UNSUPPORTED',
    );
  }
});
