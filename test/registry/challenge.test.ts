import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseChallenges } from '../../src/registry/challenge.ts';

describe('WWW-Authenticate', () => {
  const cases: [header: string | undefined, challenges: [scheme: string, params: Record<string, string>][]][] = [
    [undefined, []],
    ['', []],
    ['Basic realm="a registry"', [['basic', { realm: 'a registry' }]]],
    [
      'Bearer realm="https://auth.example/token",service="s, t",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://auth.example/token', service: 's, t', scope: 'repository:a/b:pull,push' }]],
    ],
    ['BEARER Realm=x , error="a \\"quoted\\" one"', [['bearer', { realm: 'x', error: 'a "quoted" one' }]]],
    [
      'Bearer realm="r", Basic realm="b"',
      [
        ['bearer', { realm: 'r' }],
        ['basic', { realm: 'b' }],
      ],
    ],
    ['Negotiate', [['negotiate', {}]]],
    ['realm="of nobody"', []],
  ];
  for (const [header, challenges] of cases) {
    test(`${header} has ${challenges.length} challenges`, () => {
      const parsed = parseChallenges(header).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);
      assert.deepEqual(parsed, challenges);
    });
  }

  test('of any kind is parsed to an end', () => {
    fc.assert(fc.property(fc.string(), (header) => Array.isArray(parseChallenges(header))));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(' ', ',', '=', '"', '\\', 'a', 'b') }), (header) =>
        Array.isArray(parseChallenges(header)),
      ),
    );
  });
});
