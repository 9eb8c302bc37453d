import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tidier } from '../../src/daemon/tidy.ts';
import { until } from '../support/until.ts';

// What nobody holds, made in a function of its own so that no register or stack slot holds it either.
function garbage(): WeakRef<object> {
  return new WeakRef({ nobody: 'holds this' });
}

suite('giving memory back', () => {
  test('what is garbage after a burst of work is collected once it has been quiet', async () => {
    let work = 0;
    const tidier = new Tidier({ work: () => work, quietMs: 50, lookMs: 10 });
    try {
      await sleep(100);
      const left = garbage();
      work++;
      await until(() => left.deref() === undefined, 'the garbage to be collected');
    } finally {
      tidier.close();
    }
  });

  test('nothing is collected while there is work, and after `close`', async () => {
    let work = 0;
    const tidier = new Tidier({ work: () => work++, quietMs: 50, lookMs: 10 });
    const left = garbage();
    await sleep(200);
    assert.notEqual(left.deref(), undefined);
    tidier.close();
    await sleep(200);
    assert.notEqual(left.deref(), undefined);
  });
});
