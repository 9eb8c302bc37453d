// The link of tests and benchmarks: does it delay and pace as it says? Bounds are wide, the machine may be busy.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { measureLink } from './link-measure.ts';
import { createLink, linkNeeds } from './link.ts';
import { needs } from './needs.ts';

const skip = needs(...linkNeeds);

test('a link takes its round trip and no more than its rate', { skip }, async () => {
  await using link = await createLink({ rttMs: 40, bitsPerSec: 40e6 });
  const { connectMs, bitsPerSec } = await measureLink(link, 8_000_000);
  assert.ok(connectMs >= 39.5, `a connect took ${connectMs} ms, less than the round trip`);
  assert.ok(connectMs < 400, `a connect took ${connectMs} ms`);
  assert.ok(bitsPerSec < 44e6, `${bitsPerSec} bit/s is more than the line carries`);
  assert.ok(bitsPerSec > 4e6, `${bitsPerSec} bit/s is a tenth of the line`);
});

test('a link without delay is faster than one with', { skip }, async () => {
  await using link = await createLink({ rttMs: 0, bitsPerSec: 200e6 });
  const { connectMs, bitsPerSec } = await measureLink(link, 8_000_000);
  assert.ok(connectMs < 39.5, `a connect took ${connectMs} ms`);
  assert.ok(bitsPerSec > 44e6, `${bitsPerSec} bit/s`);
});

test('nothing is left of a link that was disposed', { skip }, async () => {
  const link = await createLink({ rttMs: 1, bitsPerSec: 1e6 });
  assert.ok(readdirSync('/run/netns').includes(link.clientNetns));
  await link[Symbol.asyncDispose]();
  assert.ok(!readdirSync('/run/netns').includes(link.clientNetns));
  assert.ok(!readdirSync('/run/netns').includes(link.serverNetns));
});
