// The demo's own image, made on the spot from software that this machine has: what a CI job of a Node project runs in.
// Two forms of it stay in the cache as OCI layouts: ordinary gzip layers, and eStargz by `lazypull optimize`, which puts
// the files that the start reads first.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tarOfFolder } from '../test/support/image-real.ts';
import { findProgram, requireProgram } from '../test/support/needs.ts';
import { blobPath, writeGzipLayer, writeImage, type WrittenLayer } from '../test/support/oci-layout.ts';
import { run } from '../test/support/run.ts';
import { cachedFolder } from './programs/cache.ts';

/** Folders of the two OCI layouts. */
export interface Sample {
  readonly ordinary: string;
  readonly lazy: string;
}

/** In words, for the reader of the result. */
export const SAMPLE_CONTENT = 'Node and its libraries, container tools, a project with its node_modules';

/** What is not said by that. */
export const SAMPLE_NOTE =
  'The lazy form names the files that its start reads, recorded in one run by "lazypull optimize".';
/** What its container runs: the image's own command. */
export const SAMPLE_COMMAND: readonly string[] = ['/usr/local/bin/node', '/app/main.js'];

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
/** Raise it when what is made here changes. */
const VERSION = 1;
const LAZY_VERSION = 2;
const CLI = join(PROJECT, 'src/cli/main.ts');
const SLOW_MS = 15 * 60_000;
const APPLETS = ['sh', 'ls', 'cat', 'echo', 'env', 'find', 'grep', 'sleep', 'true', 'id'];
const TOOLS = ['containerd-2/bin/containerd', 'containerd-2/bin/ctr', 'containerd-1.7/bin/containerd', 'runc', 'umoci'];
/** Less than this is a wrapper script, not the program. */
const MIN_PROGRAM_BYTES = 1_000_000;

// Loads what a service loads, then says so: the first output.
const APP = `import fc from 'fast-check';
import { credentials } from '@grpc/grpc-js';
import { Command } from 'commander';
import { Registry } from 'prom-client';
import { parse } from 'smol-toml';
import { pack } from 'tar-stream';
import { request } from 'undici';

const parts = [credentials.createInsecure(), new Command('app'), new Registry(), parse('a = 1'), pack(), request];
fc.assert(fc.property(fc.integer(), (number) => Number(String(number)) === number));
console.log(\`ready: Node \${process.version} with \${parts.length + 1} libraries\`);
process.exit(0);
`;

/** Makes the sample, unless the cache has it. Needs root and runc. */
export async function makeSample(say: (text: string) => void, signal: AbortSignal): Promise<Sample> {
  const lock = createHash('sha256').update(readFileSync(join(PROJECT, 'package-lock.json')));
  const key = `${VERSION}-${process.version}-${lock.digest('hex').slice(0, 8)}-${process.arch}`;
  const ordinary = await cachedFolder(join('images', `demo-${key}`), async (layoutDir) => {
    say(`making a sample image, once: ${SAMPLE_CONTENT}`);
    await buildImage(layoutDir, signal);
  });
  const lazy = await cachedFolder(join('images', `demo-optimized-${LAZY_VERSION}-${key}`), async (layoutDir) => {
    say('making its lazy form with "lazypull optimize", which runs it to learn what the start reads, once');
    const places = [`oci:${ordinary.folder}:latest`, `oci:${layoutDir}:latest`];
    await run(process.execPath, [CLI, 'optimize', ...places], { timeoutMs: SLOW_MS, signal });
  });
  return { ordinary: ordinary.folder, lazy: lazy.folder };
}

async function buildImage(layoutDir: string, signal: AbortSignal): Promise<void> {
  mkdirSync(join(layoutDir, 'blobs', 'sha256'), { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'lazypull-demo-image-'));
  try {
    const layers = [fillBase, fillNode, fillTools, fillApp].map((fill) => {
      const root = join(work, fill.name);
      mkdirSync(root);
      fill(root);
      return compress(root, layoutDir, signal);
    });
    // All have ended before the folder goes away, also when one fails.
    await Promise.allSettled(layers);
    const config = { Env: ['PATH=/usr/local/bin:/bin'], Cmd: SAMPLE_COMMAND, WorkingDir: '/app' };
    writeImage(layoutDir, await Promise.all(layers), config);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// In a layout of its own, so that the layers can be compressed beside each other.
async function compress(root: string, layoutDir: string, signal: AbortSignal): Promise<WrittenLayer> {
  const own = join(layoutDir, basename(root));
  const tar = tarOfFolder(root);
  const abort = (): void => void tar.destroy(new Error('interrupted'));
  signal.addEventListener('abort', abort);
  try {
    const layer = await writeGzipLayer(own, tar);
    const { digest } = layer.descriptor;
    renameSync(blobPath(own, digest), blobPath(layoutDir, digest));
    return layer;
  } finally {
    signal.removeEventListener('abort', abort);
    rmSync(own, { recursive: true, force: true });
  }
}

// A static busybox, the libraries that Node loads, and the folders that a container's mounts need.
function fillBase(root: string): void {
  place(requireProgram('busybox'), join(root, 'bin/busybox'));
  for (const name of APPLETS) symlinkSync('busybox', join(root, 'bin', name));
  for (const library of librariesOf(process.execPath)) place(library, join(root, library));
  for (const name of ['dev', 'etc', 'proc', 'sys', 'tmp']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/:/bin/sh\n');
}

function fillNode(root: string): void {
  place(process.execPath, join(root, 'usr/local/bin/node'));
}

function fillTools(root: string): void {
  for (const name of TOOLS) {
    const program = findProgram(name);
    if (program === undefined || statSync(program).size < MIN_PROGRAM_BYTES) continue;
    place(program, join(root, 'opt', name));
  }
}

function fillApp(root: string): void {
  const target = join(root, 'app/node_modules');
  // npm's own record of the installation says where packages came from; the image is none of its business.
  const filter = (path: string): boolean => !path.endsWith('node_modules/.package-lock.json');
  cpSync(join(PROJECT, 'node_modules'), target, { recursive: true, verbatimSymlinks: true, filter });
  writeFileSync(join(root, 'app/package.json'), '{"private":true,"type":"module"}\n');
  writeFileSync(join(root, 'app/main.js'), APP);
}

function place(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(source, target);
}

function librariesOf(program: string): string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  return [...text.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
