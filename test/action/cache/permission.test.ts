import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { isPrivateRepository, whyOff } from '../../../action/cache/permission.ts';
import { scratch } from '../../support/layers.ts';

const ENV = { RUNNER_TEMP: '/tmp', ACTIONS_RESULTS_URL: 'https://results.example' };
const inputs = { cache: true, cacheLimitBytes: 1 };

suite('a run', () => {
  const MODES: readonly (readonly [mode: string | undefined, restores: boolean, saves: boolean])[] = [
    [undefined, true, true],
    ['', true, true],
    ['write', true, true],
    ['something new', true, true],
    ['read', true, false],
    [' Read ', true, false],
    ['write-only', false, true],
    ['none', false, false],
  ];
  for (const [mode, restores, saves] of MODES) {
    test(`in mode ${JSON.stringify(mode)} may ${restores ? '' : 'not '}restore and may ${saves ? '' : 'not '}save`, () => {
      const env = mode === undefined ? ENV : { ...ENV, ACTIONS_CACHE_MODE: mode };
      for (const [direction, allowed] of [
        ['restore', restores],
        ['save', saves],
      ] as const) {
        const why = whyOff({ inputs, facts: { ghes: false }, env }, direction);
        assert.equal(why === undefined, allowed, why);
        if (why !== undefined) assert.match(why, new RegExp(`may not ${direction} caches`));
      }
    });
  }

  test('on an Enterprise Server has the first version of the service, or none', () => {
    const why = (env: NodeJS.ProcessEnv): string | undefined =>
      whyOff({ inputs, facts: { ghes: true }, env: { ...ENV, ...env } }, 'restore');
    assert.equal(why({}), 'this GitHub Enterprise Server has no cache service');
    assert.equal(why({ ACTIONS_CACHE_URL: 'https://git.example/cache' }), undefined);
  });

  test('needs a place for what comes', () => {
    const why = whyOff({ inputs, facts: { ghes: false }, env: { ...ENV, RUNNER_TEMP: '' } }, 'restore');
    assert.equal(why, 'RUNNER_TEMP is not set');
  });
});

suite('a repository', () => {
  const EVENTS: readonly (readonly [event: string, isPrivate: boolean])[] = [
    ['{"repository":{"private":true}}', true],
    ['{"repository":{"private":true,"visibility":"private"}}', true],
    ['{"repository":{"private":true,"visibility":"internal"}}', true],
    ['{"repository":{"private":false,"visibility":"public"}}', false],
    ['{"repository":{"private":true,"visibility":"public"}}', false],
    ['{"repository":{"private":"true"}}', false],
    ['{"repository":null}', false],
    ['{"schedule":"0 0 * * *"}', false],
    ['null', false],
    ['{', false],
  ];
  for (const [event, isPrivate] of EVENTS) {
    test(`is ${isPrivate ? 'private' : 'public'} by the event ${event}`, async () => {
      await using dir = await scratch();
      const path = join(dir.path, 'event.json');
      writeFileSync(path, event);
      assert.equal(await isPrivateRepository({ GITHUB_EVENT_PATH: path }), isPrivate);
    });
  }

  test('is public when there is no event', async () => {
    assert.equal(await isPrivateRepository({}), false);
    assert.equal(await isPrivateRepository({ GITHUB_EVENT_PATH: '/nowhere' }), false);
  });
});
