import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { optionsWith, readEnvironment } from '../../buildkit-frontend/environment.ts';
import { platformsOf } from '../../buildkit-frontend/platforms.ts';
import { FormatError } from '../../src/errors.ts';
import { hostPlatform } from '../../src/oci/platform.ts';

const workers = [{ id: 'w', platforms: [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, { os: 'linux' }] }];

suite('the environment of a frontend', () => {
  test('has options, session, the first platform and the defaults of the image', () => {
    const environment = readEnvironment({
      BUILDKIT_FRONTEND_OPT_0: 'build-arg:A=b=c',
      BUILDKIT_FRONTEND_OPT_11: 'no-cache=',
      BUILDKIT_FRONTEND_OPT_X: 'not=one',
      BUILDKIT_FRONTEND_OPT_12: 'nothing',
      BUILDKIT_SESSION_ID: 's1',
      BUILDKIT_WORKERS: JSON.stringify(workers),
      LAZYPULL_SUFFIX: '-esgz',
      PATH: '/bin',
    });
    assert.deepEqual(environment, {
      options: { 'build-arg:A': 'b=c', 'no-cache': '' },
      session: 's1',
      buildPlatform: { os: 'linux', architecture: 'arm64' },
      defaults: { LAZYPULL_SUFFIX: '-esgz' },
    });
  });

  for (const [name, text] of [
    ['none', undefined],
    ['an empty list', '[]'],
    ['no JSON', '{'],
    ['a worker without platforms', '[{"id":"w"}]'],
    ['a platform without an architecture', '[{"platforms":[{"os":"linux"}]}]'],
  ] as const) {
    test(`has no platform when the workers are ${name}`, () => {
      assert.equal(readEnvironment({ BUILDKIT_WORKERS: text }).buildPlatform, undefined);
    });
  }

  test('options are found by the beginning of their names', () => {
    assert.deepEqual(optionsWith({ 'context:a': '1', 'context:b::c': '2', context: '3' }, 'context:'), {
      a: '1',
      'b::c': '2',
    });
  });
});

suite('the platforms of a build', () => {
  const environment = readEnvironment({ BUILDKIT_WORKERS: JSON.stringify(workers) });
  const arm = { os: 'linux', architecture: 'arm64' };

  test('are the one that it runs on, unless it is told others', () => {
    assert.deepEqual(platformsOf(environment), { build: arm, targets: [arm] });
    assert.deepEqual(platformsOf(readEnvironment({})), { build: hostPlatform(), targets: [hostPlatform()] });
    const options = { platform: 'linux/amd64,linux/arm/v7' };
    assert.deepEqual(platformsOf({ ...environment, options }), {
      build: arm,
      targets: [
        { os: 'linux', architecture: 'amd64' },
        { os: 'linux', architecture: 'arm', variant: 'v7' },
      ],
    });
  });

  test('have to be platforms', () => {
    assert.throws(() => platformsOf({ ...environment, options: { platform: 'a/b/c/d' } }), FormatError);
  });
});
