// Bake files are evaluated by bake itself: `docker buildx bake --print` builds nothing and says what would be built. Its
// document goes to `lazypull policy` as a file, with contexts that start at the workspace.
// https://docs.docker.com/reference/cli/docker/buildx/bake/#print
import { join } from 'node:path';
import { isLocalContext } from '../../src/policy/dockerfile-of.ts';
import { isTable, textOf, type Table } from '../../src/policy/tables.ts';
import { endOf } from '../host-files.ts';
import type { RunResult } from '../host.ts';
import type { BakeGroup } from './build-files.ts';

/** It only reads files; a definition that fetches something is not waited for. */
const TIMEOUT_MS = 20_000;

/** Runs a command in a folder below the workspace. */
export type RunIn = (folder: string, command: readonly string[], timeoutMs: number) => Promise<RunResult>;

/** The document as JSON, or why there is none. */
export async function evaluateBake(
  { folder, files, targets }: BakeGroup,
  run: RunIn,
): Promise<{ readonly json: string } | { readonly problem: string }> {
  const names = files.flatMap((file) => ['--file', file]);
  const command = ['docker', 'buildx', 'bake', ...names, '--print', ...targets];
  const { status, stdout, stderr } = await run(folder, command, TIMEOUT_MS);
  if (status !== 0) return { problem: `bake can't evaluate it: ${endOf(stderr || stdout) || `status ${status}`}` };
  try {
    return { json: JSON.stringify(fromWorkspace(JSON.parse(stdout) as Table, folder)) };
  } catch {
    return { problem: 'what bake prints is not JSON' };
  }
}

/** Contexts as they are seen from the workspace. */
export function fromWorkspace(document: Table, folder: string): Table {
  const targets = document['target'];
  if (folder === '' || !isTable(targets)) return document;
  const moved = Object.entries(targets).map(([name, target]) => [
    name,
    isTable(target) ? move(target, folder) : target,
  ]);
  return { ...document, target: Object.fromEntries(moved) as Table };
}

function move(target: Table, folder: string): Table {
  const context = textOf(target['context']) ?? '.';
  return isLocalContext(context) && !context.startsWith('/') ? { ...target, context: join(folder, context) } : target;
}
