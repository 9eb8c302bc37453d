import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { encodeTocTar, TocEncoder } from '../../src/estargz/encode-toc.ts';
import type { TocFields } from '../../src/estargz/encode-toc.ts';
import { ContainersTocEncoder } from '../../src/estargz/encode-containers-toc.ts';
import type { ContainersFields } from '../../src/estargz/encode-containers-toc.ts';
import { encodeExternalFooter } from '../../src/estargz/footer.ts';
import { tarEntries } from '../../src/tar/entry.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function encode(...entries: TocFields[]): string {
  const toc = new TocEncoder();
  for (const entry of entries) toc.add(entry);
  return Buffer.concat(toc.finish()).toString();
}

suite('encode TOC', () => {
  test('keys come in the order of the format, indented with tabs, without a newline at the end', () => {
    const all: TocFields = {
      chunkDigest: DIGEST,
      chunkSize: 1,
      chunkOffset: 2,
      digest: DIGEST,
      xattrs: new Map([
        ['user.b', Buffer.from([0, 255])],
        ['user.a', Buffer.alloc(0)],
      ]),
      devMinor: 3,
      devMajor: 4,
      innerOffset: 5,
      offset: 6,
      groupName: 'staff',
      userName: 'root',
      gid: 7,
      uid: 8,
      mode: 9,
      linkName: 'l',
      modtime: '2024-02-29T12:00:00Z',
      size: 10,
      type: 'reg',
      name: 'n',
    };
    const lines = [
      '"name": "n"',
      '"type": "reg"',
      '"size": 10',
      '"modtime": "2024-02-29T12:00:00Z"',
      '"linkName": "l"',
      '"mode": 9',
      '"uid": 8',
      '"gid": 7',
      '"userName": "root"',
      '"groupName": "staff"',
      '"offset": 6',
      '"innerOffset": 5',
      '"devMajor": 4',
      '"devMinor": 3',
      '"xattrs": {\n\t\t\t\t"user.a": "",\n\t\t\t\t"user.b": "AP8="\n\t\t\t}',
      `"digest": "${DIGEST}"`,
      '"chunkOffset": 2',
      '"chunkSize": 1',
      `"chunkDigest": "${DIGEST}"`,
    ];
    const body = lines.map((line) => `\t\t\t${line}`).join(',\n');
    assert.equal(encode(all), `{\n\t"version": 1,\n\t"entries": [\n\t\t{\n${body}\n\t\t}\n\t]\n}`);
  });

  test('zeros and empty strings are left out, but for name and type', () => {
    const entry = {
      name: '',
      type: 'dir',
      size: 0,
      modtime: '',
      linkName: '',
      mode: 0,
      offset: 0,
      chunkSize: 0,
    } as const;
    assert.deepEqual(JSON.parse(encode(entry)), { version: 1, entries: [{ name: '', type: 'dir' }] });
  });

  test('no entries are an empty list', () => {
    assert.equal(encode(), '{\n\t"version": 1,\n\t"entries": []\n}');
  });

  const escapes: [text: string, json: string][] = [
    ['a<b>&c', String.raw`a\u003cb\u003e\u0026c`],
    ['"\\/', String.raw`\"\\/`],
    ['\n\r\t\b\f\u0001\u007f', String.raw`\n\r\t\b\f\u0001` + '\u007f'],
    ['\u2028\u2029\ufffd', String.raw`\u2028\u2029\ufffd`],
    ['\u00e4\u4e16\u{1f600}', '\u00e4\u4e16\u{1f600}'],
  ];
  for (const [text, json] of escapes) {
    test(`${JSON.stringify(text)} is escaped as Go's encoder does`, () => {
      assert.ok(encode({ name: text, type: 'reg' }).includes(`"name": "${json}"`));
    });
  }

  test('xattrs are sorted by their bytes, not by UTF-16 units', () => {
    const xattrs = new Map(['user.\u{1f600}', 'user.\uffee', 'user.a'].map((name) => [name, Buffer.from('v')]));
    const json = encode({ name: 'n', type: 'reg', xattrs });
    const names = [...json.matchAll(/"(user\.[^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, ['user.a', 'user.\uffee', 'user.\u{1f600}']);
  });

  test('whatever is written, JSON.parse reads', () => {
    const entry = fc.record({
      name: fc.string({ unit: 'grapheme' }),
      type: fc.constantFrom('reg', 'chunk', 'symlink'),
      size: fc.nat(),
      linkName: fc.string({ unit: 'binary' }),
    }) as fc.Arbitrary<TocFields>;
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const wanted = entries.map(({ name, type, size, linkName }) => ({
          name,
          type,
          ...(size === 0 ? {} : { size }),
          ...(linkName === '' ? {} : { linkName: linkName!.toWellFormed() }),
        }));
        assert.deepEqual(JSON.parse(encode(...entries)), { version: 1, entries: wanted });
      }),
    );
  });

  test('many entries come in several parts, which are one text', () => {
    const toc = new TocEncoder();
    for (let i = 0; i < 5000; i++) toc.add({ name: `file ${i}`, type: 'reg' });
    const parts = toc.finish();
    assert.ok(parts.length > 1);
    const { entries } = JSON.parse(Buffer.concat(parts).toString()) as { entries: { name: string }[] };
    assert.equal(entries.length, 5000);
    assert.equal(entries[4321]?.name, 'file 4321');
  });

  test('the tar of the TOC has one entry, padding and two zero blocks', () => {
    const json = [Buffer.from('{"a":'), Buffer.from('1}')];
    const tar = Buffer.concat(encodeTocTar(json));
    assert.equal(tar.length, 512 + 512 + 1024);
    const [entry, ...others] = tarEntries(tar);
    assert.deepEqual(others, []);
    assert.equal(entry?.header.name.toString(), 'stargz.index.json');
    assert.equal(entry.header.mode, 0);
    assert.equal(entry.header.mtimeSec, 0);
    assert.equal(entry.data.toString(), '{"a":1}');
    assert.ok(tar.subarray(512 + 7).every((byte) => byte === 0));
  });

  test('the footer of an external TOC is that of the specification', () => {
    assert.equal(
      encodeExternalFooter().toString('hex'),
      '1f8b08040000000000ff15005347110053544152475a45585445524e414c544f43010000ffff0000000000000000',
    );
  });
});

suite('encode TOC of containers/storage', () => {
  function encodeContainers(...entries: ContainersFields[]): string {
    const toc = new ContainersTocEncoder();
    for (const entry of entries) toc.add(entry);
    return Buffer.concat(toc.finish(DIGEST)).toString();
  }

  test('it is compact, with the keys in the order of the format', () => {
    const all: ContainersFields = {
      chunkDigest: DIGEST,
      chunkOffset: 1,
      chunkSize: 2,
      endOffset: 3,
      offset: 4,
      digest: DIGEST,
      xattrs: new Map([['user.<', Buffer.from('v')]]),
      devMinor: 5,
      devMajor: 6,
      changetime: 'c',
      accesstime: 'a',
      modtime: 'm',
      gid: 7,
      uid: 8,
      size: 9,
      mode: 10,
      linkName: 'l',
      name: 'n',
      type: 'reg',
    };
    assert.equal(
      encodeContainers(all),
      '{"version":1,"entries":[{"type":"reg","name":"n","linkName":"l","mode":10,"size":9,"uid":8,"gid":7,' +
        '"modtime":"m","accesstime":"a","changetime":"c","devMajor":6,"devMinor":5,"xattrs":{"user.\\u003c":"dg=="},' +
        `"digest":"${DIGEST}","offset":4,"endOffset":3,"chunkSize":2,"chunkOffset":1,"chunkDigest":"${DIGEST}"}],` +
        `"tarSplitDigest":"${DIGEST}"}`,
    );
  });

  test('no entries are an empty list, and zeros are left out', () => {
    assert.equal(encodeContainers(), `{"version":1,"entries":[],"tarSplitDigest":"${DIGEST}"}`);
    const two = encodeContainers({ type: 'dir', name: 'd/', mode: 0 }, { type: 'fifo', name: 'f', linkName: '' });
    assert.deepEqual((JSON.parse(two) as { entries: unknown[] }).entries, [
      { type: 'dir', name: 'd/' },
      { type: 'fifo', name: 'f' },
    ]);
  });
});
