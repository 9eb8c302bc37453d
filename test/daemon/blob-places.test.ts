import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BlobPlaces } from '../../src/daemon/blob-places.ts';
import { RegistryError } from '../../src/errors.ts';
import { BufferBlob } from '../support/buffer-blob.ts';
import { noise } from '../support/entries.ts';

const bytes = noise(10_000);
const good = (): BufferBlob => new BufferBlob(bytes);
/** A place that refuses everything. */
const bad = (name: string): BufferBlob =>
  new BufferBlob(bytes, {
    fail: () => {
      throw new RegistryError(`${name} refuses`, { method: 'GET', url: `https://${name}.test/`, status: 403 });
    },
  });

function placesOf(...blobs: readonly [string, BufferBlob][]): BlobPlaces {
  const [first, ...others] = blobs.map(([name, blob]) => new BlobPlaces(name, blob));
  assert.ok(first !== undefined);
  for (const other of others) first.addAll(other);
  return first;
}

async function ranged(places: BlobPlaces, start: number, end: number): Promise<Buffer> {
  return Buffer.from(await places.readRange(start, end));
}

async function streamed(places: BlobPlaces, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(places.streamRange(start, end)));
}

describe('a blob in several places', () => {
  test('is had by anybody when one of the places gives it to anybody', () => {
    const saying = (isAnonymous: boolean | undefined): BufferBlob => Object.assign(good(), { isAnonymous });
    const cases: readonly [readonly (boolean | undefined)[], boolean | undefined][] = [
      [[undefined, undefined], undefined],
      [[undefined, false], false],
      [[false, undefined], false],
      [[false, true], true],
      [[true, false], true],
    ];
    for (const [answers, expected] of cases) {
      const places = placesOf(...answers.map((answer, i): [string, BufferBlob] => [`${i}`, saying(answer)]));
      assert.equal(places.isAnonymous, expected, String(answers));
    }
  });

  test('is read from the first place while that answers, however many come later', async () => {
    const [first, second] = [good(), bad('second')];
    const places = placesOf(['first', first], ['second', second]);
    assert.deepEqual(await ranged(places, 100, 200), bytes.subarray(100, 200));
    assert.deepEqual(await streamed(places, 5, 500), bytes.subarray(5, 500));
    assert.equal(first.asked.length, 2);
    assert.equal(second.asked.length, 0);
  });

  test('is read from the next place when one refuses, and from there at once the next time', async () => {
    const [first, second] = [bad('first'), good()];
    const places = placesOf(['first', first], ['second', second]);
    assert.deepEqual(await ranged(places, 0, 10), bytes.subarray(0, 10));
    assert.deepEqual(await streamed(places, 0, 10_000), bytes);
    assert.equal(first.asked.length, 1);
  });

  test('goes on in the middle of a stream where another place stopped', async () => {
    const cut: BufferBlob = new BufferBlob(bytes, { pieceSize: 1000 });
    const stopping = Object.assign(Object.create(cut) as BufferBlob, {
      async *streamRange(start: number, end: number): AsyncGenerator<Uint8Array> {
        yield* cut.streamRange(start, Math.min(end, start + 3000));
        throw new Error('connection lost');
      },
    });
    const second = good();
    const places = placesOf(['first', stopping], ['second', second]);
    assert.deepEqual(await streamed(places, 0, 10_000), bytes);
    assert.deepEqual(second.asked, [{ start: 3000, end: 10_000, stream: true }]);
  });

  test('fails with what the first place said when all fail', async () => {
    const places = placesOf(['first', bad('first')], ['second', bad('second')]);
    await assert.rejects(places.readRange(0, 10), /first refuses/);
    await assert.rejects(streamed(places, 0, 10), /first refuses/);
  });

  test('asks nobody else when the reader gave up', async () => {
    const [first, second] = [new BufferBlob(bytes, { latencyMs: 10_000 }), good()];
    const places = placesOf(['first', first], ['second', second]);
    const controller = new AbortController();
    const read = places.readRange(0, 10, controller.signal);
    controller.abort(new Error('gave up'));
    await assert.rejects(read);
    assert.equal(second.asked.length, 0);
  });

  test('keeps a known place as it is, and a bounded number of them, the one that answers among them', async () => {
    const first = good();
    const places = placesOf(['first', first], ['first', bad('again')]);
    for (let at = 0; at < 100; at++) places.addAll(new BlobPlaces(`other ${at}`, bad(`other ${at}`)));
    assert.deepEqual(await ranged(places, 0, 10), bytes.subarray(0, 10));
    const refusing = placesOf(['first', bad('first')]);
    const others = Array.from({ length: 100 }, () => bad('other'));
    for (const [at, other] of others.entries()) refusing.addAll(new BlobPlaces(`other ${at}`, other));
    await assert.rejects(refusing.readRange(0, 10), /first refuses/);
    assert.equal(others.filter(({ asked }) => asked.length > 0).length, 7);
  });

  test('knows its size when any place does', () => {
    const unsized = Object.assign(Object.create(good()) as BufferBlob, { size: undefined });
    assert.equal(placesOf(['first', unsized], ['second', good()]).size, 10_000);
    assert.equal(placesOf(['first', unsized]).size, undefined);
  });
});
