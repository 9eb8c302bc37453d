// The Dockerfile of a build: inline, or in its context, which may be somewhere that is not on this machine.
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';

export interface DockerfilePlace {
  readonly context: string;
  readonly dockerfile: string | undefined;
  readonly inline: string | undefined;
}

export type FoundDockerfile =
  | { readonly text: string; readonly file: string; readonly inline: boolean }
  | { readonly problem: string };

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:)/;
const FROM_FOLDER = 'cwd://';

/** Whether a build's context is a path on this machine. */
export function isLocalContext(context: string): boolean {
  return !REMOTE.test(context);
}

/** `folder` is what relative paths start at. `file` of the answer is relative to where this process runs. */
export function dockerfileOf(
  folder: string,
  { context, dockerfile = 'Dockerfile', inline }: DockerfilePlace,
): FoundDockerfile {
  if (inline !== undefined) return { text: inline, file: '', inline: true };
  const isFromFolder = dockerfile.startsWith(FROM_FOLDER);
  if (!isLocalContext(context) && !isFromFolder) return { problem: `its context is not on this machine: ${context}` };
  const path = isFromFolder
    ? resolve(folder, dockerfile.slice(FROM_FOLDER.length))
    : resolve(folder, context, dockerfile);
  try {
    return { text: readFileSync(path, 'utf8'), file: relative('', path), inline: false };
  } catch (error) {
    return { problem: `can't read ${relative('', path)}: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  }
}
