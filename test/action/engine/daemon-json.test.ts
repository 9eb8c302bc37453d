import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerdAddressIn, mergeDaemonJson } from '../../../action/engine/daemon-json.ts';

const PATH = '/etc/docker/daemon.json';
const merge = (text: string | undefined): ReturnType<typeof mergeDaemonJson> => mergeDaemonJson(text, PATH);
const OURS = { features: { 'containerd-snapshotter': true }, 'storage-driver': 'stargz' };

suite("Docker's daemon.json", () => {
  test('is made where there is none, and filled where it is empty', () => {
    for (const text of [undefined, '{}', '\uFEFF{ }\n']) {
      const { text: made, changed, told } = merge(text);
      assert.deepEqual([JSON.parse(made), changed, told], [OURS, true, []]);
    }
  });

  test('keeps every other key, their order and the indentation', () => {
    const text = '{\n\t"insecure-registries": ["r.test:5000"],\n\t"features": {"buildkit": true},\n\t"mtu": 1400\n}';
    assert.equal(
      merge(text).text,
      `{
\t"insecure-registries": [
\t\t"r.test:5000"
\t],
\t"features": {
\t\t"buildkit": true,
\t\t"containerd-snapshotter": true
\t},
\t"mtu": 1400,
\t"storage-driver": "stargz"
}
`,
    );
  });

  test('is left alone where it says all that is wanted, however it says it', () => {
    const text = '{"storage-driver":"stargz",   "features":{"containerd-snapshotter":true}, "live-restore": false}';
    assert.deepEqual(merge(text), { text, changed: false, told: [] });
  });

  const replaced: readonly (readonly [
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    told: RegExp,
  ])[] = [
    [{ 'storage-driver': 'overlay2' }, OURS, /storage-driver is "stargz" for this job instead of "overlay2"$/],
    [{ features: { 'containerd-snapshotter': false } }, OURS, /containerd-snapshotter is true .* instead of false$/],
    [{ 'live-restore': true }, { ...OURS, 'live-restore': false }, /live-restore is off for this job/],
    [
      { features: { 'embedded-containerd': true } },
      { ...OURS, features: { 'embedded-containerd': false, 'containerd-snapshotter': true } },
      /embedded-containerd is false for this job/,
    ],
  ];
  for (const [before, after, told] of replaced) {
    test(`${JSON.stringify(before)} is replaced, and told`, () => {
      const merged = merge(JSON.stringify(before));
      assert.deepEqual(JSON.parse(merged.text), after);
      assert.equal(merged.told.length, 1);
      assert.match(merged.told[0]!, told);
      assert.ok(merged.told[0]!.startsWith(`${PATH}: `));
    });
  }

  test('what says nothing against it is not told of', () => {
    assert.deepEqual(merge('{"storage-driver": "stargz", "live-restore": false}').told, []);
  });

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ['{\n "proxies": {"http-proxy": "http://u:s3cret@p"},\n}', /daemon\.json, line 3: this is not JSON\n {2}Correct/],
    ['', /daemon\.json: this is not JSON/],
    ['{"a": "s3cret"', /daemon\.json(, line 1)?: this is not JSON/],
    ['["s3cret"]', /this is JSON, but not an object/],
    ['null', /this is JSON, but not an object/],
    ['{"features": ["s3cret"]}', /features is not an object/],
  ];
  for (const [text, message] of wrong) {
    test(`${JSON.stringify(text)} is an error that quotes nothing`, () => {
      assert.throws(
        () => merge(text),
        (error: Error & { code: string }) => {
          assert.equal(error.code, 'CONFIG');
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /s3cret/);
          return true;
        },
      );
    });
  }

  test('may name a containerd', () => {
    assert.equal(containerdAddressIn('{"containerd": "/run/c.sock"}', PATH), '/run/c.sock');
    for (const text of [undefined, '{}', '{"containerd": ""}', '{"containerd": 1}'])
      assert.equal(containerdAddressIn(text, PATH), undefined);
  });
});
