// What the action and its parts declare, what their code reads and sets, and what the documents say: all the same.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { plainCell, tableBelow } from '../support/markdown-table.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

interface Metadata {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Record<string, { description: string; required?: boolean; default?: string }>;
  readonly outputs?: Record<string, { description: string }>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

interface Part {
  readonly file: string;
  /** Sources that are only its own. */
  readonly sources: readonly string[];
  /** Where its tables are. */
  readonly page: string;
  readonly inputsHeading: string | undefined;
  readonly outputsHeading: string;
}

const OF_PARTS = ['action/setup/**/*.ts', 'action/convert/**/*.ts'];
const PARTS: readonly Part[] = [
  {
    file: 'action.yml',
    sources: globSync('action/**/*.ts', { cwd: PROJECT, exclude: OF_PARTS }),
    page: 'README.md',
    inputsHeading: 'Inputs',
    outputsHeading: 'Outputs',
  },
  {
    file: 'action/setup/action.yml',
    sources: globSync(OF_PARTS[0]!, { cwd: PROJECT }),
    page: 'docs/action-convert.md',
    inputsHeading: undefined,
    outputsHeading: 'Outputs of setup',
  },
  {
    file: 'action/convert/action.yml',
    sources: globSync(OF_PARTS[1]!, { cwd: PROJECT }),
    page: 'docs/action-convert.md',
    inputsHeading: 'Inputs of convert',
    outputsHeading: 'Outputs of convert',
  },
];

/** Names that are the first argument of calls of these functions, sorted, each once. */
function namesIn(sources: readonly string[], functions: string): string[] {
  const call = new RegExp(String.raw`\b(?:${functions})\(\s*'([\w-]+)'`, 'g');
  const names = sources.flatMap((path) => [...text(path).matchAll(call)].map(([, name]) => name ?? ''));
  return [...new Set(names)].toSorted();
}

for (const { file, sources, page, inputsHeading, outputsHeading } of PARTS) {
  suite(file, () => {
    const metadata = parse(text(file)) as Metadata;
    const { inputs = {}, outputs = {}, runs } = metadata;

    test('declares every input that is read, and no other', () => {
      assert.ok(sources.length > 0);
      const read = namesIn(sources, 'getInput|getMultilineInput|listInput|booleanInput|sizeInput|oneOf');
      assert.deepEqual(read, Object.keys(inputs).toSorted());
    });

    test('declares every output that is set, and no other', () => {
      assert.deepEqual(namesIn(sources, 'setOutput'), Object.keys(outputs).toSorted());
    });

    test('has a text as default of every input that is not required', () => {
      // Code that reads inputs has no defaults of its own: what is written here is what counts.
      for (const [name, input] of Object.entries(inputs)) {
        assert.equal(typeof input.default, input.required === true ? 'undefined' : 'string', name);
      }
    });

    test('describes everything in a sentence', () => {
      for (const [name, { description }] of [...Object.entries(inputs), ...Object.entries(outputs)]) {
        assert.match(description, /^[A-Za-z].*\.$/, name);
      }
    });

    test('starts what is in dist', () => {
      assert.equal(runs.using, 'node24');
      for (const path of [runs.main, ...(runs.post === undefined ? [] : [runs.post])]) {
        const program = join(PROJECT, dirname(file), path);
        assert.equal(dirname(program), join(PROJECT, 'dist'));
        assert.ok(existsSync(program), `${path} is not there: npm run bundle`);
      }
    });

    if (inputsHeading !== undefined) {
      test(`has its inputs and their defaults in ${page}`, () => {
        const rows = tableBelow(text(page), inputsHeading);
        const shown = rows.map((row) => [plainCell(row['name']), plainCell(row['default'])]);
        const wanted = Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']);
        assert.deepEqual(shown, wanted);
      });
    }

    test(`has its outputs in ${page}`, () => {
      const rows = tableBelow(text(page), outputsHeading);
      assert.deepEqual(
        rows.map((row) => plainCell(row['name'])),
        Object.keys(outputs),
      );
    });
  });
}
