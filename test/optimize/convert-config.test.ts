import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { FormatError } from '../../src/errors.ts';
import { parseConfigSource } from '../../src/oci/image-config.ts';
import { parseConfigFacts, rewriteConfig } from '../../src/optimize/convert-config.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { digestNamed } from '../support/profiles.ts';

const OLD = digestNamed('old');
const NEW = digestNamed('new');

const replaced = (text: string, diffIds = [NEW], source?: Digest): string =>
  Buffer.from(rewriteConfig(Buffer.from(text), { diffIds, source })).toString();

suite('the config of a converted image', () => {
  const kept: readonly [title: string, text: string][] = [
    ['compact, as Go writes it', `{"os":"linux","rootfs":{"type":"layers","diff_ids":["${OLD}"]},"history":[{}]}`],
    ['indented', `{\n  "rootfs" : {\n\t"diff_ids": [\n  "${OLD}" ],\n "type": "layers" }\n}\n`],
    ['with rootfs before all else', `{"rootfs":{"diff_ids":["${OLD}"]},"z":1,"a":2}`],
    [
      'with unknown fields, in their order',
      `{"b":{"x":[1,2,{"rootfs":0}]},"1":2,"rootfs":{"q":0,"diff_ids":["${OLD}"],"0":1},"a":null}`,
    ],
    ['with numbers that JavaScript has not', `{"n":12345678901234567890,"f":1.50,"rootfs":{"diff_ids":["${OLD}"]}}`],
    ['with escapes', `{"config":{"Cmd":["\\u0026\\u003c"]},"rootfs":{"diff_ids":["${OLD}"]}}`],
    [
      'with a key of the same name elsewhere',
      `{"config":{"rootfs":{"diff_ids":["${OLD}x"]}},"rootfs":{"diff_ids":["${OLD}"]}}`,
    ],
    ['with its keys escaped', `{"r\\u006fotfs":{"diff\\u005fids":["${OLD}"]}}`],
    ['with __proto__', `{"__proto__":{"a":1},"rootfs":{"__proto__":2,"diff_ids":["${OLD}"]}}`],
  ];
  for (const [title, text] of kept) {
    test(`stays as it is but for the diff ids: ${title}`, () => {
      const list = /\[\s*"sha256:[0-9a-f]{64}"\s*\]/;
      assert.match(text, list);
      assert.equal(replaced(text), text.replace(list, `["${NEW}"]`));
    });
  }

  test('says what the image was made from, behind its rootfs', () => {
    const from = digestNamed('source');
    const text = `{ "rootfs" : {"diff_ids":["${OLD}"]} , "os":"linux"}`;
    const marked = replaced(text, [NEW], from);
    assert.equal(marked, `{ "rootfs" : {"diff_ids":["${NEW}"]},"dev.lazypull.source.digest":"${from}" , "os":"linux"}`);
    assert.equal(parseConfigSource(Buffer.from(marked)), from);
    assert.equal(parseConfigSource(Buffer.from(text)), undefined);
  });

  test('says nothing of what its source was made from', () => {
    const [from, older] = [digestNamed('source'), digestNamed('older')];
    for (const [before, behind] of [
      [`"dev.lazypull.source.digest": "${older}", `, ''],
      ['', `, "dev.lazypull.source.digest": "${older}"`],
    ] as const) {
      const text = `{${before}"rootfs":{"diff_ids":["${OLD}"]}${behind}}`;
      assert.equal(replaced(text, [NEW], from), text.replace(OLD, NEW).replace(older, from));
      const unmarked = replaced(text);
      assert.equal(unmarked, text.replace(OLD, NEW).replace(`"${older}"`, 'null'));
      assert.equal(parseConfigSource(Buffer.from(unmarked)), undefined);
    }
    const twice = `{"dev.lazypull.source.digest":"${older}","rootfs":{"diff_ids":["${OLD}"]},"dev.lazypull.source.digest":"${older}"}`;
    assert.throws(() => replaced(twice, [NEW], from), FormatError);
  });

  test('keeps history, empty layers among it', () => {
    const history = [{ created_by: 'ADD' }, { created_by: 'ENV', empty_layer: true }, { created_by: 'RUN' }];
    const before = JSON.stringify({ rootfs: { type: 'layers', diff_ids: [OLD, OLD] }, history });
    const after = JSON.parse(replaced(before, [NEW, OLD])) as { history: unknown; rootfs: unknown };
    assert.deepEqual(after.history, history);
    assert.deepEqual(after.rootfs, { type: 'layers', diff_ids: [NEW, OLD] });
  });

  test('with any other fields, any number of layers: only the diff ids differ', () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
    fc.assert(
      fc.property(values, values, fc.nat(3), fc.constantFrom(undefined, 1, '\t'), (around, inside, count, space) => {
        const ids = Array.from({ length: count }, () => OLD);
        const { rootfs: _, ...others } = around;
        const document = { ...others, rootfs: { ...inside, diff_ids: ids } };
        const text = JSON.stringify(document, undefined, space);
        const wanted = ids.map(() => NEW);
        const expected = { ...others, rootfs: { ...inside, diff_ids: wanted } };
        assert.deepEqual(JSON.parse(replaced(text, wanted)), JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  const refused: readonly [title: string, text: string, message: RegExp][] = [
    ['no JSON', '{', /not JSON/],
    ['no object', '[]', /image config: not an object/],
    ['no rootfs', '{}', /image config\.rootfs: not an object/],
    ['no diff ids', '{"rootfs":{}}', /diff_ids: not an array/],
    ['diff ids that are none', '{"rootfs":{"diff_ids":["x"]}}', /not a sha256 digest: "x"/],
    ['diff ids that are no texts', '{"rootfs":{"diff_ids":[1]}}', /not a list of strings/],
    ['two rootfs', `{"rootfs":{"diff_ids":["${OLD}"]},"rootfs":{"diff_ids":["${OLD}"]}}`, /twice/],
    ['two lists', `{"rootfs":{"diff_ids":["${OLD}"],"diff_ids":["${OLD}"]}}`, /twice/],
    ['two rootfs, one escaped', `{"r\\u006fotfs":{"diff_ids":["${OLD}"]},"rootfs":{"diff_ids":["${OLD}"]}}`, /twice/],
  ];
  for (const [title, text, message] of refused) {
    test(`is refused with ${title}`, () => {
      assert.throws(
        () => replaced(text),
        (error) => error instanceof FormatError && message.test(error.message),
      );
    });
  }

  const platforms: readonly [title: string, fields: string, platform: object | undefined][] = [
    ['os and architecture', '"os":"linux","architecture":"amd64",', { os: 'linux', architecture: 'amd64' }],
    [
      'a variant',
      '"os":"linux","architecture":"arm","variant":"v7",',
      { os: 'linux', architecture: 'arm', variant: 'v7' },
    ],
    ['an empty variant', '"os":"linux","architecture":"arm64","variant":"",', { os: 'linux', architecture: 'arm64' }],
    ['nothing', '', undefined],
    ['an os alone', '"os":"linux",', undefined],
  ];
  for (const [title, fields, platform] of platforms) {
    test(`names its platform by ${title}`, () => {
      const facts = parseConfigFacts(Buffer.from(`{${fields}"rootfs":{"diff_ids":["${OLD}"]}}`));
      assert.deepEqual(facts, { diffIds: [OLD], platform });
    });
  }
});
