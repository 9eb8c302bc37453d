// Bundles what `npm run build` emitted into dist/, so that the command runs without node_modules: `npm run bundle`.
// ncc reads no configuration: this is our script over its API. It works on JavaScript, because ncc can't read
// TypeScript 7.
//   dist/index.js, *.index.js   the command; commands are loaded when they are called
//   dist/*-worker.js            worker threads, where src/worker-url.ts looks for them: beside who asks
//   dist/proto/                 the .proto files of src/grpc
//   dist/node_modules/          koffi, which is native: its loader and its binaries for x64 and arm64
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ncc from '@vercel/ncc';

const project = fileURLToPath(new URL('.', import.meta.url));
const built = join(project, 'build', 'src');
const dist = join(project, 'dist');
const modules = join(project, 'node_modules');

rmSync(dist, { recursive: true, force: true });
await bundle(join(built, 'cli', 'main.js'), 'index.js');
for (const worker of globSync('**/*-worker.js', { cwd: built })) await bundle(join(built, worker), basename(worker));
cpSync(join(built, 'grpc', 'proto'), join(dist, 'proto'), { recursive: true });
bringKoffi();

/** Writes a bundle and its assets into dist. Chunks of the command are named after index.js. */
async function bundle(entry, name) {
  const { code, assets } = await ncc(entry, {
    cache: false,
    quiet: true,
    // fuse-native is optional, and found by its name where somebody installed it.
    externals: ['koffi', 'fuse-native'],
    license: name === 'index.js' ? 'licenses.txt' : '',
  });
  write(name, code, 0o755);
  for (const [path, { source, permissions }] of Object.entries(assets)) write(path, source, permissions);
}

function write(path, content, mode = 0o644) {
  const target = join(dist, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content, { mode });
}

function bringKoffi() {
  const target = join(dist, 'node_modules');
  const { version } = JSON.parse(readFileSync(join(modules, 'koffi', 'package.json'), 'utf8'));
  for (const path of ['package.json', 'LICENSE.txt', 'index.js', 'src/koffi/index.js', 'src/koffi/src/static.js']) {
    cpSync(join(modules, 'koffi', path), join(target, 'koffi', path));
  }
  for (const arch of ['x64', 'arm64']) bringPackage(`@koromix/koffi-linux-${arch}`, version, target);
}

// npm installs the binaries of its own machine only; the others come as packages, too.
function bringPackage(name, version, target) {
  const work = mkdtempSync(join(tmpdir(), 'lazypull-bundle-'));
  try {
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', work, `${name}@${version}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    mkdirSync(join(target, name), { recursive: true });
    execFileSync('tar', ['-xzf', join(work, filename), '-C', join(target, name), '--strip-components=1']);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
