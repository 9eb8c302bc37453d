// Messages encoded by hand against the same ones by protobufjs.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { encodeDefinition, lastStep, localSource } from '../../buildkit-frontend/definition.ts';
import {
  decodeInputs,
  decodePong,
  decodeReadFile,
  decodeResolveImage,
  decodeSolve,
  encodeReadFile,
  encodeResolveImage,
  encodeReturnError,
  encodeReturnResult,
  encodeSolve,
  encodeWarn,
  inputDefinition,
  singleReference,
} from '../../buildkit-frontend/messages.ts';
import { encodeStatus } from '../../buildkit-frontend/channel.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { decode, encode } from '../support/gateway.ts';

const definition = {
  def: [Buffer.from('op')],
  metadata: { 'sha256:a': { description: { 'llb.customname': 'name' } } },
};

/** Without what protobufjs adds for fields that are not there. */
function fields(message: string, bytes: Uint8Array): Record<string, unknown> {
  return decode(message, bytes);
}

suite('messages of the gateway', () => {
  test('capabilities are those that are enabled', () => {
    const pong = decodePong(
      encode('PongResponse', {
        FrontendAPICaps: [{ ID: 'frontend.inputs', Enabled: true }, { ID: 'off' }],
        LLBCaps: [{ ID: 'source.imageblob', Enabled: true }],
      }),
    );
    assert.deepEqual([...pong.gateway], ['frontend.inputs']);
    assert.deepEqual([...pong.definitions], ['source.imageblob']);
  });

  test('a solve request carries frontend, options and inputs', () => {
    const inputs = decodeInputs(encode('InputsResponse', { Definitions: { dockerfile: definition } }));
    const bytes = encodeSolve({ frontend: 'dockerfile.v0', options: { b: '', a: '1=2' }, inputs });
    assert.deepEqual(fields('SolveRequest', bytes), {
      Definition: null,
      Frontend: 'dockerfile.v0',
      FrontendOpt: { a: '1=2', b: '' },
      allowResultReturn: true,
      allowResultArrayRef: true,
      FrontendInputs: { dockerfile: definition },
    });
  });

  test('an input is found by its name', () => {
    const inputs = decodeInputs(encode('InputsResponse', { Definitions: { other: {}, dockerfile: definition } }));
    const found = inputDefinition(inputs, 'dockerfile');
    assert.ok(found !== undefined);
    assert.deepEqual(fields('Definition', found), definition);
    assert.equal(inputDefinition(inputs, 'context'), undefined);
  });

  test('results go through as they are, and have a reference to read from', () => {
    const result = { ref: { id: 'abc', def: definition }, metadata: { key: Buffer.from('value') } };
    const bytes = decodeSolve(encode('SolveResponse', { result }));
    assert.equal(singleReference(bytes), 'abc');
    const returned = fields('ReturnRequest', encodeReturnResult(bytes))['result'] as typeof result;
    assert.deepEqual(returned.ref, result.ref);
    assert.deepEqual(returned.metadata, result.metadata);
    assert.equal(singleReference(encode('Result', { refDeprecated: 'old' })), 'old');
    assert.equal(singleReference(encode('Result', {})), '');
  });

  test('errors are returned with code and message', () => {
    const returned = fields('ReturnRequest', encodeReturnError(encodeStatus(5, 'nö')));
    assert.deepEqual(returned['error'], { details: [], code: 5, message: 'nö' });
  });

  test('files are asked for, and come', () => {
    assert.deepEqual(fields('ReadFileRequest', encodeReadFile('abc', 'Dockerfile')), {
      Ref: 'abc',
      FilePath: 'Dockerfile',
    });
    assert.equal(
      Buffer.from(decodeReadFile(encode('ReadFileResponse', { Data: Buffer.from('FROM') }))).toString(),
      'FROM',
    );
    assert.equal(decodeReadFile(encode('ReadFileResponse', {})).length, 0);
  });

  test('names of images are resolved for a platform', () => {
    const platform = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const bytes = encodeResolveImage({ reference: 'r/n:1', platform, resolveMode: 'pull', logName: 'step' });
    assert.deepEqual(fields('ResolveImageConfigRequest', bytes), {
      Ref: 'r/n:1',
      Platform: { OS: 'linux', Architecture: 'arm', Variant: 'v7' },
      ResolveMode: 'pull',
      LogName: 'step',
    });
    const config = Buffer.from('{}');
    const { digest, ...answer } = decodeResolveImage(
      encode('ResolveImageConfigResponse', { Digest: 'sha256:b', Config: config, Ref: 'x' }),
    );
    assert.equal(digest, 'sha256:b');
    assert.deepEqual(Buffer.from(answer.config), config);
    assert.equal(decodeResolveImage(encode('ResolveImageConfigResponse', { Digest: 'sha256:b' })).config.length, 0);
  });

  test('a warning has its step, its file and its line', () => {
    const file = { name: 'Dockerfile', content: Buffer.from('FROM x'), definition: encode('Definition', definition) };
    const bytes = encodeWarn({ step: 'sha256:c', text: 'short', details: ['do this'], file, line: 3 });
    assert.deepEqual(fields('WarnRequest', bytes), {
      digest: 'sha256:c',
      level: 1,
      short: Buffer.from('short'),
      detail: [Buffer.from('do this')],
      url: '',
      info: { filename: 'Dockerfile', data: file.content, definition, language: 'Dockerfile' },
      ranges: [{ start: { line: 3, character: 0 }, end: { line: 3, character: 0 } }],
    });
  });
});

suite('build definitions', () => {
  const source = localSource('dockerfile', 's1', ['Dockerfile', 'Dockerfile.dockerignore'], '[internal] load');

  test('end in the step of their source, which carries its name', () => {
    const bytes = encodeDefinition(source);
    const { def, metadata } = fields('Definition', bytes) as { def: Buffer[]; metadata: object };
    const [op, last] = def.map((one) => fields('Op', one));
    const step = digestOf(def[0] ?? Buffer.alloc(0));
    assert.deepEqual(op?.['source'], {
      identifier: 'local://dockerfile',
      attrs: {
        'local.differ': 'none',
        'local.followpaths': '["Dockerfile","Dockerfile.dockerignore"]',
        'local.session': 's1',
        'local.sharedkeyhint': 'dockerfile',
      },
    });
    assert.deepEqual(last?.['inputs'], [{ digest: step, index: 0 }]);
    assert.deepEqual(metadata, { [step]: { description: { 'llb.customname': '[internal] load' } } });
    assert.equal(lastStep(bytes), step);
  });

  test('without any step have no last one', () => {
    assert.equal(lastStep(encode('Definition', {})), '');
  });
});
