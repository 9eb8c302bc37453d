// What is mounted, and taking it away again: every test that mounts ends with nothing mounted below its folder.
import { readFileSync } from 'node:fs';
import { run } from './run.ts';

/** The mount points at or below a folder, in the order in which they were mounted. */
export function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescapeOctal(line.split(' ')[4] ?? ''))
    .filter((path) => path === folder || path.startsWith(`${folder}/`));
}

/** Unmounts everything at or below a folder, the latest first; what is busy is detached. @returns what was mounted. */
export async function unmountBelow(folder: string): Promise<string[]> {
  const found = mountsBelow(folder);
  for (const path of found.toReversed()) {
    const { status } = await run('umount', [path], { check: false });
    if (status !== 0) await run('umount', ['-l', path], { check: false });
  }
  return found;
}

// mountinfo writes space, tab, newline and backslash as three octal digits.
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
