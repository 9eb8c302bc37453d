// Finds libfuse 2 for fuse-native. The addon asks the dynamic linker for `libfuse.so.2`, which few machines have;
// a library of that name that this process has loaded before satisfies it, wherever its file is.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { UserError, describeError } from '../errors.ts';

/** A filesystem of fuse-native, as far as it is used here. */
export interface NativeFuse {
  mount(done: (error: Error | null) => void): void;
}

/** Operations of fuse-native: results are 0 or more, or a negated errno. */
export interface NativeOperations {
  getattr(path: string, done: (result: number, stat?: object) => void): void;
  readdir(path: string, done: (result: number, names?: string[]) => void): void;
  open(path: string, flags: number, done: (result: number, handle?: number) => void): void;
  release(path: string, handle: number, done: (result: number) => void): void;
  read(
    path: string,
    handle: number,
    target: Buffer,
    length: number,
    offset: number,
    done: (bytes: number) => void,
  ): void;
}

/** The class that fuse-native exports. */
export type NativeFuseClass = new (
  mountpoint: string,
  operations: NativeOperations,
  options: Readonly<Record<string, unknown>>,
) => NativeFuse;

const FIX = 'Install libfuse2 (and `npm install fuse-native`), or use the default transport: --fuse-transport wire.';

/** Loads libfuse 2 and fuse-native. @throws UserError when one of them is not there. */
export function loadFuseNative(): NativeFuseClass {
  const require = createRequire(import.meta.url);
  const reasons: string[] = [];
  const loaded = ['libfuse.so.2', bundledLibrary(require)].some((path) => {
    if (path === undefined) return false;
    try {
      koffi.load(path);
      return true;
    } catch (error) {
      reasons.push(describeError(error));
      return false;
    }
  });
  if (!loaded) throw new UserError(`fuse-native needs libfuse 2, which can't be loaded: ${reasons.join('; ')}`, FIX);
  try {
    return require('fuse-native') as NativeFuseClass;
  } catch (error) {
    throw new UserError(`fuse-native can't be loaded: ${describeError(error)}`, FIX, { cause: error });
  }
}

/** The library that fuse-native's own dependency carries, for x64 only. */
function bundledLibrary(require: NodeJS.Require): string | undefined {
  if (process.arch !== 'x64') return undefined;
  try {
    return join(dirname(require.resolve('fuse-shared-library-linux')), 'libfuse/lib/libfuse.so');
  } catch {
    return undefined;
  }
}
