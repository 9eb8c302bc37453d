// Where the `lazypull` command is that the action starts in processes of its own: in dist/ beside whatever runs from there,
// and in the sources when those run.
import { join } from 'node:path';

/** The runner's Node and the program, for spawn and for systemd: absolute paths. */
export function lazypullCommand(): [node: string, program: string] {
  const isSource = import.meta.filename.endsWith('.ts');
  const program = isSource
    ? join(import.meta.dirname, '..', 'src', 'cli', 'main.ts')
    : join(import.meta.dirname, 'lazypull.js');
  return [process.execPath, program];
}
