import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { formatLocation, parseLocation, type ImageLocation } from '../../src/image/location.ts';

const digest = `sha256:${'0'.repeat(64)}` as const;
const python = { registry: 'docker.io', repository: 'library/python' };

describe('a location', () => {
  const good: readonly [text: string, location: ImageLocation, formatted?: string][] = [
    ['python', { kind: 'registry', reference: python }, 'docker.io/library/python'],
    ['docker://python:3', { kind: 'registry', reference: { ...python, tag: '3' } }, 'docker.io/library/python:3'],
    [
      'localhost:5000/a/b:1',
      { kind: 'registry', reference: { registry: 'localhost:5000', repository: 'a/b', tag: '1' } },
    ],
    [`r.io/a@${digest}`, { kind: 'registry', reference: { registry: 'r.io', repository: 'a', digest } }],
    // A registry by the name of a transport, with its port.
    ['oci.io:80/a', { kind: 'registry', reference: { registry: 'oci.io:80', repository: 'a' } }],
    // Tags look like transports.
    [
      'dir:3',
      { kind: 'registry', reference: { ...python, repository: 'library/dir', tag: '3' } },
      'docker.io/library/dir:3',
    ],
    ['oci:out', { kind: 'oci', path: 'out', tag: undefined }],
    ['oci:/tmp/out/:v1', { kind: 'oci', path: '/tmp/out/', tag: 'v1' }],
    ['oci:out:r.io/a:1', { kind: 'oci', path: 'out', tag: 'r.io/a:1' }],
    ['oci-archive:a.tar', { kind: 'oci-archive', path: 'a.tar', tag: undefined }],
    ['oci-archive:a.tar:1', { kind: 'oci-archive', path: 'a.tar', tag: '1' }],
    ['docker-archive:a.tar', { kind: 'docker-archive', path: 'a.tar', image: undefined }],
    ['docker-archive:a.tar:app:1', { kind: 'docker-archive', path: 'a.tar', image: 'app:1' }],
    ['-', { kind: 'stream' }],
    ['containerd:python', { kind: 'containerd', name: 'python', reference: { ...python, tag: 'latest' } }],
  ];
  for (const [text, location, formatted] of good) {
    test(`is ${text}`, () => {
      assert.deepEqual(parseLocation(text), location);
      assert.equal(formatLocation(location), formatted ?? text);
    });
  }

  const bad: readonly [text: string, says: RegExp, fix: RegExp][] = [
    ['', /empty/, /oci:DIR/],
    ['oci:', /oci: without a DIR/, /oci:DIR or oci:DIR:TAG/],
    ['oci::v1', /without a DIR/, /oci:DIR/],
    ['oci:out:', /without a tag/, /Write oci:out\./],
    ['oci://out', /not a path/, /Write oci:\/out\./],
    ['oci-archive:', /without a FILE/, /oci-archive:FILE/],
    ['docker-archive:', /without a FILE/, /docker-archive:FILE/],
    ['docker-archive:a.tar:App:1', /lower-case/, /docker-archive:a\.tar:app:1/],
    ['containerd:', /not an image reference/, /containerd:NAME/],
    ['containerd:App', /lower-case/, /containerd:app$/m],
    ['docker://', /not an image reference/, /REGISTRY/],
    ['ghcr.io/Org/App:V1', /lower-case/, /ghcr\.io\/org\/app:V1/],
    ['docker://ghcr.io/Org/App', /lower-case/, /docker:\/\/ghcr\.io\/org\/app/],
    ['./app.tar', /not an image reference/, /oci-archive:\.\/app\.tar/],
    ['/tmp/out', /not an image reference/, /oci:\/tmp\/out/],
    ['https://ghcr.io/a', /https/, /Leave out https/],
    ['http://localhost:5000/a', /http/, /--plain-http/],
    ['docker-daemon:app:1', /docker-daemon/, /docker save/],
    ['containers-storage:app', /containers-storage/, /podman save/],
    ['dir:/tmp/x', /dir/, /oci:DIR/],
    ['a b', /not an image reference/, /REGISTRY/],
  ];
  for (const [text, says, fix] of bad) {
    test(`is not ${JSON.stringify(text)}, and the error says what to write`, () => {
      assert.throws(
        () => parseLocation(text),
        (error: UserError) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, says);
          assert.match(error.fix ?? '', fix);
          return true;
        },
      );
    });
  }
});
