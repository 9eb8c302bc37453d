import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { forwardRequest } from '../../buildkit-frontend/forward.ts';
import { rulesOf } from '../../buildkit-frontend/rules.ts';
import { delegateOf, parseSyntaxWords } from '../../buildkit-frontend/syntax.ts';
import { readEnvironment } from '../../buildkit-frontend/environment.ts';
import { UserError } from '../../src/errors.ts';

const US = 'ghcr.io/org/frontend:1';

suite('the words of the syntax line', () => {
  test('are a suffix and a frontend, in any order, or nothing', () => {
    assert.deepEqual(parseSyntaxWords(`${US} frontend=docker/dockerfile:1  suffix=-esgz`), {
      frontend: 'docker/dockerfile:1',
      suffix: '-esgz',
    });
    assert.deepEqual(parseSyntaxWords(US), {});
    assert.deepEqual(parseSyntaxWords(''), {});
  });

  for (const word of ['sufix=-esgz', 'suffix=', 'suffix', '=x', '-esgz']) {
    test(`are not ${word}`, () => {
      assert.throws(
        () => parseSyntaxWords(`${US} ${word}`),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.ok(error.message.includes(JSON.stringify(word)) && error.fix !== undefined);
          return true;
        },
      );
    });
  }
});

suite('who does the build', () => {
  const directive = (image: string) => ({ image, cmdline: `${image} word`, line: 1 });

  test('is the frontend in BuildKit, when the line names us or there is none', () => {
    assert.equal(delegateOf({ words: {}, directive: directive(US), source: US }), undefined);
    assert.equal(delegateOf({ words: {}, directive: undefined, source: US }), undefined);
  });

  test('is the one that the Dockerfile names, when we were started by BUILDKIT_SYNTAX', () => {
    assert.deepEqual(delegateOf({ words: {}, directive: directive('docker/dockerfile:1'), source: US }), {
      image: 'docker/dockerfile:1',
      cmdline: 'docker/dockerfile:1 word',
    });
  });

  test('is the one that the words name, before all others', () => {
    const words = { frontend: 'docker/dockerfile:1-labs' };
    assert.deepEqual(delegateOf({ words, directive: directive(US), source: US }), {
      image: 'docker/dockerfile:1-labs',
      cmdline: 'docker/dockerfile:1-labs',
    });
  });

  const options = { source: US, cmdline: `${US} suffix=-esgz`, target: 't', 'context:mine': 'local:mine' };
  const contexts = { 'context:mine': 'docker-image://other', 'context:node:22': 'docker-image://x' };

  test('gets all options, our contexts, and the command line that keeps it from asking for us again', () => {
    assert.deepEqual(forwardRequest({ options, inputs: [], contexts, delegate: undefined }), {
      frontend: 'dockerfile.v0',
      options: { ...options, 'context:node:22': 'docker-image://x' },
      inputs: [],
    });
    assert.deepEqual(forwardRequest({ options: {}, inputs: [], contexts: {}, delegate: undefined }).options, {
      cmdline: '',
    });
  });

  test('is started by its own name when it is an image', () => {
    const delegate = { image: 'docker/dockerfile:1', cmdline: 'docker/dockerfile:1 x' };
    assert.deepEqual(forwardRequest({ options, inputs: [], contexts, delegate }), {
      frontend: 'gateway.v0',
      options: {
        ...options,
        'context:node:22': 'docker-image://x',
        source: 'docker/dockerfile:1',
        cmdline: 'docker/dockerfile:1 x',
      },
      inputs: [],
    });
  });
});

suite('the rules of a build', () => {
  const environment = (options: Record<string, string>, defaults: Record<string, string> = {}) => ({
    ...readEnvironment({}),
    options,
    defaults,
  });

  test('are none when nothing is said, or only empty things', () => {
    assert.equal(rulesOf(environment({}), {}), undefined);
    assert.equal(rulesOf(environment({ 'build-arg:LAZYPULL_MAPPING': '' }, { LAZYPULL_SUFFIX: '' }), {}), undefined);
  });

  test('a build argument wins over the syntax line, and that over the image and the mapping', () => {
    const mapping = 'suffix = "-m"\n[variants]\n"a/*" = "b/*"';
    const argument = { 'build-arg:LAZYPULL_SUFFIX': '-arg' };
    const defaults = { LAZYPULL_SUFFIX: '-image', LAZYPULL_MAPPING: mapping };
    assert.equal(rulesOf(environment(argument, defaults), { suffix: '-line' })?.suffix, '-arg');
    assert.equal(rulesOf(environment({}, defaults), { suffix: '-line' })?.suffix, '-line');
    assert.equal(rulesOf(environment({}, defaults), {})?.suffix, '-image');
    const own = rulesOf(environment({}, { LAZYPULL_MAPPING: mapping }), {});
    assert.equal(own?.suffix, '-m');
    assert.equal(own.patterns.length, 1);
    const none = rulesOf(environment({ 'build-arg:LAZYPULL_SUFFIX': '' }, { LAZYPULL_MAPPING: mapping }), {});
    assert.equal(none?.suffix, undefined);
  });

  test('say where they are wrong', () => {
    const mapping = { 'build-arg:LAZYPULL_MAPPING': '[variants]\na = 5' };
    assert.throws(() => rulesOf(environment(mapping), {}), /LAZYPULL_MAPPING:2/);
    assert.throws(() => rulesOf(environment({ 'build-arg:LAZYPULL_SUFFIX': 'a b' }), {}), /LAZYPULL_SUFFIX is not/);
  });
});
