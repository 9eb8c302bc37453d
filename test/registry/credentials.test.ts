import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { createLogger } from '../../src/log.ts';
import { firstOf, type Credential, type CredentialSource } from '../../src/registry/credentials.ts';

const target = { registry: 'r.io', repository: 'a' };
const named = (username: string): Credential => ({ kind: 'password', username, password: 'secret' });

/** A source that counts how often it is asked. */
function known(...usernames: string[]): CredentialSource & { asked: number; refusedOnes: Credential[] } {
  return {
    asked: 0,
    refusedOnes: [],
    async *lookup() {
      this.asked += 1;
      yield* usernames.map(named);
    },
    refused(credential) {
      this.refusedOnes.push(credential);
    },
  };
}

const broken: CredentialSource = {
  // oxlint-disable-next-line require-yield -- it fails before
  async *lookup() {
    throw new UserError('the helper is broken');
  },
};

function chain(...sources: CredentialSource[]): { source: CredentialSource; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', format: 'json', write: (line) => lines.push(line) });
  return { source: firstOf(sources, log), lines };
}

async function firstName(source: CredentialSource): Promise<string | undefined> {
  for await (const credential of source.lookup(target))
    return credential.kind === 'password' ? credential.username : '';
  return undefined;
}

describe('several sources of credentials', () => {
  test('are asked in order, and none that is not needed', async () => {
    const [nothing, ann, bob] = [known(), known('ann'), known('bob')];
    assert.equal(await firstName(chain(nothing, ann, bob).source), 'ann');
    assert.deepEqual([nothing.asked, ann.asked, bob.asked], [1, 1, 0]);
  });

  test('give all their candidates, one source after the other, to who goes on asking', async () => {
    const found = await Array.fromAsync(chain(known('ann', 'bob'), known('cat')).source.lookup(target));
    assert.deepEqual(found, [named('ann'), named('bob'), named('cat')]);
  });

  test('have none when none of them has', async () => {
    assert.equal(await firstName(chain(known(), known()).source), undefined);
  });

  test('do without one that is broken, and say so', async () => {
    const { source, lines } = chain(broken, known('ann'));
    assert.equal(await firstName(source), 'ann');
    assert.match(lines.join(''), /a source of credentials is broken.*the helper is broken/);
    await firstName(source);
    assert.equal(lines.length, 1, 'once, however often it is asked');
  });

  test('are an error when one is broken and the others have nothing', async () => {
    await assert.rejects(firstName(chain(known(), broken, known()).source), { message: 'the helper is broken' });
  });

  test('all hear of a refusal', () => {
    const [ann, bob] = [known('ann'), known('bob')];
    chain(ann, broken, bob).source.refused?.(named('ann'));
    assert.deepEqual([ann.refusedOnes, bob.refusedOnes], [[named('ann')], [named('ann')]]);
  });
});
