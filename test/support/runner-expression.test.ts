// Expressions of workflows, as GitHub computes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, evaluateCondition, substitute, type Contexts } from './runner-expression.ts';
import type { JobStatus } from './runner-job.ts';

function contexts(status: JobStatus = 'success'): Contexts {
  return {
    github: { token: 'T', ref: 'refs/heads/main', event: { repository: { private: false } } },
    env: { NAME: 'value', EMPTY: '' },
    runner: { os: 'Linux' },
    steps: { one: { outputs: { 'the-name': 'out' }, outcome: 'failure' } },
    job: { status },
    matrix: { python: '3.13' },
  };
}

test('expressions have the values that GitHub gives them', () => {
  const table: [string, unknown][] = [
    ["'it''s'", "it's"],
    ['-1.5', -1.5],
    ['matrix.python', '3.13'],
    ['true', true],
    ['null', null],
    ['env.NAME', 'value'],
    ['env.name', 'value'],
    ['env.NONE', null],
    ['github.event.repository.private', false],
    ['github.event.nothing.there', null],
    ["steps.one.outputs['the-name']", 'out'],
    ['steps.one.outputs.the-name', 'out'],
    ['steps.two.outputs.x', null],
    ["runner.os == 'LINUX'", true],
    ["runner.os != 'Windows'", true],
    ["env.NONE == ''", true],
    ["'1' == 1", true],
    ['false == 0', true],
    ["'x' == 0", false],
    ["!env.EMPTY && 'yes' || 'no'", 'yes'],
    ["env.EMPTY && 'yes' || 'no'", 'no'],
    ["'a' || 'b' && ''", 'a'],
    ["('a' || 'b') && 'c'", 'c'],
    ["startsWith(github.ref, 'REFS/heads/')", true],
    ["endsWith(github.ref, 'master')", false],
    ["contains('Hello', 'ell')", true],
    ['toJSON(runner)', '{\n  "os": "Linux"\n}'],
  ];
  for (const [source, value] of table) assert.deepEqual(evaluate(source, contexts()), value, source);
});

test('what is no expression is an error that says where', () => {
  const table: [string, RegExp][] = [
    ['', /got the end, wanted text or number or name/],
    ["'open", /can't read "'open"/],
    ['secrets.X', /no context secrets/],
    ['hashFiles(1)', /no function hashFiles/],
    ['env.NAME env.NAME', /got env, wanted the end/],
    ['(env.NAME', /got the end, wanted \)/],
    ["contains('a' 'b')", /got 'b', wanted ,/],
    ['env.', /got the end, wanted name/],
  ];
  for (const [source, error] of table) assert.throws(() => evaluate(source, contexts()), error, source);
});

test('texts get values in the places of expressions', () => {
  assert.equal(substitute('a ${{ env.NAME }}${{github.token}} $b', contexts()), 'a valueT $b');
  assert.equal(substitute('${{ steps.two.outputs.x }}|${{ false }}|${{ 3 }}', contexts()), '|false|3');
  assert.equal(substitute('no expression }}', contexts()), 'no expression }}');
});

test('conditions imply success() unless they name a status function', () => {
  const table: [string, JobStatus[]][] = [
    ['success()', ['success']],
    ['true', ['success']],
    ["${{ env.NAME == 'value' }}", ['success']],
    ['false', []],
    ['failure()', ['failure']],
    ['cancelled()', ['cancelled']],
    ['always()', ['success', 'failure', 'cancelled']],
    ['!cancelled()', ['success', 'failure']],
    ["failure() && steps.one.outcome == 'failure'", ['failure']],
    ["failure() && steps.one.outcome == 'success'", []],
  ];
  for (const [condition, wanted] of table) {
    const got = (['success', 'failure', 'cancelled'] as const).filter((status) =>
      evaluateCondition(condition, contexts(status)),
    );
    assert.deepEqual(got, wanted, condition);
  }
});
