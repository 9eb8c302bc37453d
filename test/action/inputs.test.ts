import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { booleanInput, listInput, oneOf, readInputs, sizeInput } from '../../action/inputs.ts';

const DEFAULTS = {
  engine: 'auto',
  config: '',
  'config-inline': '',
  'registry-mirrors': '',
  images: '',
  variants: '',
  'build-files': '',
  'build-args': '',
  platforms: '',
  'cache-ref': '',
  cache: 'true',
  'cache-key': '',
  'cache-limit': '256MiB',
  prefetch: 'true',
  summary: 'true',
  strict: 'false',
  cleanup: 'true',
  'log-level': 'info',
};

/** Inputs as the runner hands them over, for the time of a test. */
function given(t: TestContext, inputs: Readonly<Record<string, string>>): void {
  const names = Object.keys(inputs).map((name) => `INPUT_${name.toUpperCase()}`);
  for (const [index, value] of Object.values(inputs).entries()) process.env[names[index] ?? ''] = value;
  t.after(() => {
    for (const name of names) delete process.env[name];
  });
}

suite('all inputs', () => {
  test('with their defaults', (t) => {
    given(t, DEFAULTS);
    assert.deepEqual(readInputs(), {
      engine: 'auto',
      config: '',
      configInline: '',
      registryMirrors: {},
      images: [],
      variants: '',
      buildFiles: [],
      buildArgs: [],
      platforms: [],
      cacheRef: '',
      cache: true,
      cacheKey: '',
      cacheLimitBytes: 256 * 2 ** 20,
      matrix: '',
      prefetch: true,
      summary: true,
      strict: false,
      cleanup: true,
      logLevel: 'info',
    });
  });

  test('with other values', (t) => {
    given(t, {
      engine: 'BuildKit',
      config: 'ci/lazypull.toml',
      'config-inline': '',
      'registry-mirrors': 'docker.io=a.test\ndocker.io=http://b.test:5000/x, ghcr.io = c.test',
      images: 'one:1\ntwo:2',
      variants: 'suffix = "-esgz"\n',
      'build-files': 'a/Dockerfile, b\ndocker-bake.hcl release',
      'build-args': 'A=1, 2\n\n  B=x=y\nC\nD=',
      platforms: 'linux/amd64,linux/arm64/v8',
      'cache-ref': 'ghcr.io/org/app:cache',
      cache: 'FALSE',
      'cache-key': 'shared',
      'cache-limit': '1GB',
      matrix: '{ "python": "3.13" }',
      prefetch: 'false',
      summary: 'false',
      strict: 'true',
      cleanup: 'false',
      'log-level': 'trace',
    });
    assert.deepEqual(readInputs(), {
      engine: 'buildkit',
      config: 'ci/lazypull.toml',
      configInline: '',
      registryMirrors: { 'docker.io': ['a.test', 'http://b.test:5000/x'], 'ghcr.io': ['c.test'] },
      images: ['one:1', 'two:2'],
      variants: 'suffix = "-esgz"',
      buildFiles: ['a/Dockerfile', 'b', 'docker-bake.hcl release'],
      buildArgs: ['A=1, 2', 'B=x=y', 'C', 'D='],
      platforms: ['linux/amd64', 'linux/arm64/v8'],
      cacheRef: 'ghcr.io/org/app:cache',
      cache: false,
      cacheKey: 'shared',
      cacheLimitBytes: 1e9,
      matrix: '{ "python": "3.13" }',
      prefetch: false,
      summary: false,
      strict: true,
      cleanup: false,
      logLevel: 'trace',
    });
  });

  for (const [name, value, message] of [
    ['engine', 'podman', /'engine': got 'podman'[^]*auto, docker, buildkit, containerd/],
    ['log-level', 'loud', /'log-level': got 'loud'[^]*trace, debug/],
    ['cache', 'yes', /'cache': got 'yes'[^]*'true' or 'false'/],
    ['cache-limit', 'lots', /'cache-limit': [^]*"lots"[^]*256MiB/],
    ['registry-mirrors', 'docker.io', /'registry-mirrors': got 'docker.io'[^]*HOST=MIRROR/],
    ['registry-mirrors', '=x', /'registry-mirrors'/],
    ['registry-mirrors', '__proto__=x', /'registry-mirrors'/],
    ['build-args', '=x', /'build-args': got a line that begins with ''[^]*NAME=VALUE/],
    ['build-args', 'a b=secret', /'build-args': got a line that begins with 'a b'\n(?![^]*secret)/],
    ['platforms', 'linux/', /'platforms': [^]*linux\/amd64/],
    ['cache-ref', 'ghcr.io/org/app', /'cache-ref': got 'ghcr\.io\/org\/app'[^]*:buildcache/],
    ['cache-ref', 'Not A Name', /'cache-ref': /],
  ] as const) {
    test(`${name}: ${value} is refused by name, with what it takes`, (t) => {
      given(t, { ...DEFAULTS, [name]: value });
      assert.throws(readInputs, { code: 'CONFIG', message });
    });
  }

  test('config and config-inline together are refused', (t) => {
    given(t, { ...DEFAULTS, config: 'a', 'config-inline': 'b' });
    assert.throws(readInputs, { code: 'CONFIG', message: /'config' and 'config-inline'/ });
  });
});

suite('lists', () => {
  for (const [text, items] of [
    ['', []],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['a\n  b  \n\nc,,d,', ['a', 'b', 'c', 'd']],
    ['# all\na # one\n#b\nc#1', ['a', 'c#1']],
    ['a\r\nb', ['a', 'b']],
  ] as const) {
    test(JSON.stringify(text), (t) => {
      given(t, { images: text });
      assert.deepEqual(listInput('images'), items);
    });
  }
});

suite('sizes', () => {
  for (const [text, bytes] of [
    ['0', 0],
    ['1000', 1000],
    ['5b', 5],
    ['2kb', 2000],
    ['2 KiB', 2048],
    ['3MB', 3e6],
    ['3mib', 3 * 2 ** 20],
    ['1.5GB', 1.5e9],
    ['4GiB', 4 * 2 ** 30],
  ] as const) {
    test(`${text} is ${bytes} bytes`, (t) => {
      given(t, { 'cache-limit': text });
      assert.equal(sizeInput('cache-limit'), bytes);
    });
  }

  for (const text of ['', '-1', '4G', '1XB', 'GiB', '999999999999GiB', '1 0']) {
    test(`${JSON.stringify(text)} is none`, (t) => {
      given(t, { 'cache-limit': text });
      assert.throws(() => sizeInput('cache-limit'), { code: 'CONFIG' });
    });
  }
});

test('booleans and words are read in any case', (t) => {
  given(t, { a: 'True', b: 'FALSE', c: 'Docker', d: 'x' });
  assert.deepEqual([booleanInput('a'), booleanInput('b'), oneOf('c', ['docker'])], [true, false, 'docker']);
  assert.throws(() => booleanInput('d'), { code: 'CONFIG' });
});
