import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { evaluateBake, fromWorkspace, type RunIn } from '../../../action/bases/bake.ts';

const GROUP = { folder: 'web', files: ['docker-bake.json', 'docker-bake.hcl'], targets: ['a', 'b'] };

/** A bake that says this. */
function saying(result: { status?: number; stdout?: string; stderr?: string }, asked: unknown[] = []): RunIn {
  return (folder, command, timeoutMs) => {
    asked.push([folder, command.join(' ')]);
    assert.ok(timeoutMs > 0 && timeoutMs <= 60_000);
    return Promise.resolve({ status: 0, stdout: '', stderr: '', ...result });
  };
}

suite('bake files', () => {
  test('bake evaluates the files of a folder together, and builds nothing', async () => {
    const asked: unknown[] = [];
    const made = await evaluateBake(GROUP, saying({ stdout: '{"target":{"a":{"context":"."}}}' }, asked));
    assert.deepEqual(made, { json: '{"target":{"a":{"context":"web"}}}' });
    assert.deepEqual(asked, [['web', 'docker buildx bake --file docker-bake.json --file docker-bake.hcl --print a b']]);
  });

  test('what bake says against a file is the reason', async () => {
    const made = await evaluateBake(GROUP, saying({ status: 1, stderr: 'ERROR: docker-bake.hcl:3,1-2: no\n' }));
    assert.deepEqual(made, { problem: "bake can't evaluate it: ERROR: docker-bake.hcl:3,1-2: no" });
    assert.deepEqual(await evaluateBake(GROUP, saying({ status: -1 })), {
      problem: "bake can't evaluate it: status -1",
    });
  });

  test('what is no JSON is a reason, too', async () => {
    assert.deepEqual(await evaluateBake(GROUP, saying({ stdout: 'usage:' })), {
      problem: 'what bake prints is not JSON',
    });
  });

  test('contexts of a folder are moved to the workspace, and those that are no relative paths are not', () => {
    const target = {
      none: { dockerfile: 'D' },
      up: { context: '../api' },
      absolute: { context: '/srv' },
      git: { context: 'https://example.test/x.git' },
      other: { context: 'target:none' },
    };
    assert.deepEqual(fromWorkspace({ group: {}, target }, 'web'), {
      group: {},
      target: {
        ...target,
        none: { dockerfile: 'D', context: 'web' },
        up: { context: 'api' },
      },
    });
    assert.deepEqual(fromWorkspace({ target }, ''), { target });
    assert.deepEqual(fromWorkspace({ target: 1 }, 'web'), { target: 1 });
  });
});
