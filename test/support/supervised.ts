// Starts a supervisor over the toy serving process and follows what both say.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { unmount } from '../../src/fuse/mount.ts';

const support = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A running supervisor. */
export interface Supervised extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly folder: string;
  readonly mountpoint: string;
  /** A symlink to the serving process's code. */
  readonly script: string;
  /** Everything said so far, stdout and stderr. */
  readonly lines: string[];
  /** The first line from number `from` on that matches, as it comes. */
  line(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
}

/** Starts one with the toy's environment. */
export async function startSupervised(toy: Record<string, string>, mode = ''): Promise<Supervised> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lazypull-supervised-')));
  const script = join(folder, 'serving.ts');
  symlinkSync(support('fuse-serving.ts'), script);
  const mountpoint = join(folder, 'fuse');
  const child = fork(support('fuse-supervisor.ts'), [mountpoint, script, mode], {
    env: { ...process.env, TOY_FOLDER: folder, ...toy },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
  }
  const line = async (pattern: RegExp, from = 0): Promise<RegExpExecArray> => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = (): void => {
      const match = lines
        .slice(from)
        .map((text) => pattern.exec(text))
        .find((found) => found !== null);
      if (match !== undefined && match !== null) resolve(match);
    };
    const ended = (): void => reject(new Error(`no line matches ${pattern}:\n${lines.join('\n')}`));
    listeners.add(look);
    child.once('close', ended);
    look();
    return promise.finally(() => {
      listeners.delete(look);
      child.off('close', ended);
    });
  };
  return {
    process: child,
    folder,
    mountpoint,
    script,
    lines,
    line,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      for (const path of [mountpoint, `${mountpoint}-store`]) await unmount(path, { detach: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
