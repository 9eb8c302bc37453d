// The script that is `lazypull` for later steps. It names Node and the program by their paths, so that it is the same for
// every user and in every folder, and needs nothing of the environment.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes `FOLDER/lazypull`, for everybody to run, and returns its path. Makes the folder. */
export async function writeWrapper(folder: string, command: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'lazypull');
  await writeFile(path, wrapperText(command));
  await chmod(path, 0o755);
  return path;
}

/** The script's text. Words may hold anything but zero bytes. */
export function wrapperText(command: readonly string[]): string {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`;
}
