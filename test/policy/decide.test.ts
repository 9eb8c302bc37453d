import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { formatPlatform, parsePlatform, type Platform } from '../../src/oci/platform.ts';
import { decide, demandsOf } from '../../src/policy/decide.ts';
import type { Build, Outcome } from '../../src/policy/model.ts';
import type { VariantFinder } from '../../src/variants/finder.ts';
import type { Variant } from '../../src/variants/model.ts';

const source = digestOf(Buffer.from('source'));
const AMD64 = parsePlatform('linux/amd64');
const ARM64 = parsePlatform('linux/arm64');

function build(dockerfile: string, more: Partial<Build> = {}): Build {
  return { file: 'D', dockerfile, buildArgs: {}, platforms: [AMD64], target: undefined, namedContexts: [], ...more };
}

function found(name: string, missing: readonly Platform[] = []): Variant {
  const digest = digestOf(Buffer.from(name));
  return { status: 'found', reference: `r.test/${name}:1@${digest}`, digest, source, missing };
}

/** Decides with these answers. */
async function outcomes(
  builds: readonly Build[],
  answer: (image: string, platform: string) => Variant,
): Promise<Record<string, Outcome>> {
  const asked: Pick<VariantFinder, 'find'> = {
    find: async (image, platform) => answer(image, formatPlatform(platform)),
  };
  const decisions = await decide(demandsOf(builds), asked);
  return Object.fromEntries(decisions.map(({ image, outcome }) => [image, outcome]));
}

suite('what becomes of the images of builds', () => {
  test('images with a variant are replaced, others say why not', async () => {
    const got = await outcomes([build('FROM a:1\nCOPY --from=b:1 / /\nCOPY --from=c:1 / /\n')], (image) => {
      if (image === 'a:1') return found('a');
      return image === 'b:1'
        ? { status: 'lazy', source }
        : { status: 'none', reason: 'absent', message: 'there is no x' };
    });
    assert.equal(got['a:1']?.result, 'replaced');
    assert.deepEqual(got['b:1'], { result: 'lazy' });
    assert.deepEqual(got['c:1'], { result: 'kept', reason: 'absent', message: 'there is no x' });
  });

  test('frontends stay, those of the files and the usual one, under any tag', async () => {
    const text = '# syntax=my/frontend:1\nFROM docker/dockerfile:1\nCOPY --from=my/frontend:2 / /\nCOPY --from=a / /\n';
    const got = await outcomes([build(text)], () => found('x'));
    for (const name of ['docker/dockerfile:1', 'my/frontend:2']) {
      assert.equal(got[name]?.result === 'kept' && got[name].reason, 'frontend');
    }
    assert.equal(got['a']?.result, 'replaced');
  });

  test('builds for several platforms need one variant with all of them', async () => {
    const both = build('FROM a\n', { platforms: [AMD64, ARM64] });
    assert.equal((await outcomes([both], () => found('a')))['a']?.result, 'replaced');
    const two = await outcomes([both], (_, platform) => found(platform.replace('/', '-')));
    assert.deepEqual(two['a'], {
      result: 'kept',
      reason: 'platforms',
      message: 'not one variant has all of linux/amd64, linux/arm64',
    });
    const one = await outcomes([both], (_, platform) =>
      platform === 'linux/amd64' ? found('a') : { status: 'none', reason: 'platform', message: 'no' },
    );
    assert.equal(one['a']?.result === 'kept' && one['a'].reason, 'platform');
  });

  test('a build that does not say its platform needs a variant with every one that the image has', async () => {
    const open = build('FROM a\n', { platforms: [] });
    const named = build('FROM a\n');
    const lacking = (): Variant => found('a', [ARM64]);
    const kept = (await outcomes([open], lacking))['a'];
    assert.match(
      kept?.result === 'kept' ? kept.message : '',
      /^r\.test\/a:1 lacks linux\/arm64, .* name those that are built \(--platform/,
    );
    assert.equal((await outcomes([named], lacking))['a']?.result, 'replaced');
    assert.equal((await outcomes([named, open], lacking))['a']?.result, 'kept');
    assert.equal((await outcomes([open], () => found('a')))['a']?.result, 'replaced');
  });

  test('each image is there once, with all its places; what can not be told comes once too', () => {
    const text = 'FROM a\nCOPY --from=a / /\nFROM $X\n';
    const { images, remarks } = demandsOf([
      build(text, { platforms: [AMD64, ARM64] }),
      build('FROM a\n', { file: 'E' }),
    ]);
    assert.deepEqual(
      [...images.values()].map(({ places }) => places),
      [
        [
          { file: 'D', line: 1, kind: 'from' },
          { file: 'D', line: 2, kind: 'copy' },
          { file: 'E', line: 1, kind: 'from' },
        ],
      ],
    );
    assert.deepEqual(
      remarks.map(({ file, line }) => [file, line]),
      [['D', 3]],
    );
  });

  test('named contexts are no images of the policy, and a target leaves out what it does not need', () => {
    const images = (more: Partial<Build>): string[] => [
      ...demandsOf([build('FROM a AS x\nFROM b\n', more)]).images.keys(),
    ];
    assert.deepEqual(images({}), ['docker.io/library/a', 'docker.io/library/b']);
    assert.deepEqual(images({ target: 'x' }), ['docker.io/library/a']);
    assert.deepEqual(images({ namedContexts: ['a'] }), ['docker.io/library/b']);
  });
});
