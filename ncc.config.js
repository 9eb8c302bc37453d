// Makes dist/ from the sources: `npm run bundle`. ncc reads no configuration, so this is our script over its API; it bundles
// what tsc emits, because it can't read TypeScript 7.
//   dist/NAME.js            what is started: the action and its parts, the command, worker threads. Three lines each
//   dist/core.js, N.core.js the code of all of them, once. Chunks are loaded when they are needed
//   dist/proto/             the .proto files of src/grpc
//   dist/node_modules/      koffi, which is native: its loader and its binaries for x64 and arm64
// `node ncc.config.js FOLDER NAME...` bundles some programs only, elsewhere: packaging/image needs the command alone.
// Same sources, same bytes, in any folder. Comments and white space are taken out, names stay: they are in stack traces.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ncc from '@vercel/ncc';
import { transform } from 'esbuild';
import { compile } from './script/bundle/compile.ts';
import { bringKoffi } from './script/bundle/koffi.ts';
import { bringProto, writeStarters } from './script/bundle/files.ts';

const project = fileURLToPath(new URL('.', import.meta.url));

/** What dist/NAME.js runs; paths are those of the sources. Worker threads are found by their names. */
const PROGRAMS = {
  action: 'action/index.ts',
  'cache-client': 'action/cache/client-main.ts',
  convert: 'action/convert/index.ts',
  setup: 'action/setup/index.ts',
  lazypull: 'src/cli/main.ts',
};

/** Protocols that only the admin services of grpc-js read; we do not serve them. */
const UNUSED = /^(proto\/)?(channelz\.proto$|xds\/|protoc-gen-validate\/)/;

const [target = join(project, 'dist'), ...names] = process.argv.slice(2);
const dist = resolve(target);
const programs = Object.entries(PROGRAMS).filter(([name]) => names.length === 0 || names.includes(name));
// ncc calls fs.existsSync with no path.
process.noDeprecation = true;
const compiled = compile(project, Object.fromEntries(programs));
try {
  // Names of modules, and so of chunks, are relative to here.
  process.chdir(compiled.folder);
  const { code, assets } = await ncc(compiled.entry, {
    cache: false,
    quiet: true,
    filename: 'core.js',
    // Optional, and found by its name where somebody installed it.
    externals: ['fuse-native'],
    license: 'licenses.txt',
  });
  const files = Object.entries(assets).filter(([path]) => !UNUSED.test(path));
  for (const [path] of files) requireKnown(path);
  // Only now: a failure leaves what is there.
  rmSync(dist, { recursive: true, force: true });
  for (const [path, { source }] of [['core.js', { source: code }], ...files]) {
    write(path, path.endsWith('.js') ? await withoutSpace(source) : source);
  }
} finally {
  process.chdir(project);
  rmSync(compiled.folder, { recursive: true, force: true });
}
writeStarters(dist, compiled.names);
bringProto(project, dist);
bringKoffi(project, dist);

/** What licences want to be kept is in licenses.txt. */
async function withoutSpace(source) {
  const options = { loader: 'js', format: 'esm', target: 'node24', minifyWhitespace: true, legalComments: 'none' };
  return (await transform(String(source), options)).code;
}

function requireKnown(path) {
  if (/^(licenses\.txt|package\.json|\d+\.core\.js)$/.test(path)) return;
  throw new Error(`ncc wants ${path} in dist: say in ncc.config.js what it is for, or that it is not used`);
}

function write(path, content) {
  const target = join(dist, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
