import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { policyDocument } from '../../src/policy/document.ts';

const source = digestOf(Buffer.from('source'));
const variant = `ghcr.io/o/node:22@${digestOf(Buffer.from('variant'))}`;

function selectors(image: string): string[] {
  return policyDocument([{ image, source, variant }]).rules.map(({ selector }) => selector.identifier);
}

suite('the document of a source policy', () => {
  test('a rule converts exactly one name', () => {
    const { version, rules } = policyDocument([{ image: 'node:22', source, variant }]);
    assert.equal(version, 1);
    assert.deepEqual(rules[0], {
      action: 'CONVERT',
      selector: { identifier: 'docker-image://docker.io/library/node:22', match_type: 'WILDCARD' },
      updates: { identifier: `docker-image://${variant}` },
    });
  });

  test('no name and no variant has a sign that a pattern expands', () => {
    for (const { selector, updates } of policyDocument([{ image: 'node:22', source, variant }]).rules) {
      assert.doesNotMatch(selector.identifier + updates.identifier, /[*$]/);
    }
    for (const image of ['node:*', 'no*de', 'node:$1']) {
      assert.throws(() => policyDocument([{ image, source, variant }]), { code: 'FORMAT' });
    }
  });

  const hub = 'docker-image://docker.io/library/node';
  for (const [image, expected] of [
    ['node', [`${hub}:latest`, `${hub}:latest@${source}`, `${hub}@${source}`]],
    ['node:22', [`${hub}:22`, `${hub}:22@${source}`, `${hub}@${source}`]],
    [`node:22@${source}`, [`${hub}:22@${source}`, `${hub}@${source}`]],
    [`node@${source}`, [`${hub}@${source}`]],
  ] as const) {
    test(`${image.slice(0, 20)} is asked for in ${expected.length} forms`, () =>
      assert.deepEqual(selectors(image), expected));
  }

  test('one name has one rule, and nothing has none', () => {
    const twice = policyDocument(['node', 'node:latest'].map((image) => ({ image, source, variant })));
    assert.equal(twice.rules.length, 3);
    assert.deepEqual(policyDocument([]), { version: 1, rules: [] });
  });
});
