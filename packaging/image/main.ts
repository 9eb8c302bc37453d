// `node packaging/image/main.ts LAYOUT [BUNDLE]`: the daemon's image for linux/amd64 and linux/arm64, lazily pullable, as an OCI
// layout. Push it with `lazypull convert oci:LAYOUT:latest REFERENCE`. BUNDLE is what `node ncc.config.js BUNDLE lazypull`
// has made; without one it is made here.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../../src/version.ts';
import { PROGRAM_FOLDER, type PlatformImage, writeLayout } from './layout.ts';
import { bringLibraries } from './libraries.ts';
import { type Architecture, ARCHITECTURES, bringNode, NODE_VERSION } from './programs.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

const [layout, given, ...others] = process.argv.slice(2);
if (layout === undefined || others.length > 0) {
  console.error('usage: node packaging/image/main.ts LAYOUT [BUNDLE]');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'lazypull-image-'));
try {
  const bundle = given ?? join(work, 'bundle');
  if (given === undefined) node(join(PROJECT, 'ncc.config.js'), bundle, 'lazypull');
  const plain = join(work, 'plain');
  const platforms = ARCHITECTURES.map((architecture) => stage(architecture, bundle));
  writeLayout(plain, platforms);
  // Node reads its binary all over when it starts: to stream it from the first moment is faster than to wait for faults.
  const list = join(work, 'prefetch');
  writeFileSync(list, '**\n');
  const cli = join(PROJECT, 'src/cli/main.ts');
  node(cli, 'convert', '--prefetch-list', list, `oci:${plain}:latest`, `oci:${layout}:latest`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The layers of one architecture as folders. */
function stage(architecture: Architecture, bundle: string): PlatformImage {
  const [libraries, runtime, program] = ['libraries', 'runtime', 'program'].map((name) =>
    join(work, architecture.oci, name),
  ) as [string, string, string];
  const packages = bringLibraries(architecture, libraries);
  bringNode(architecture, join(runtime, PROGRAM_FOLDER));
  const target = join(program, PROGRAM_FOLDER);
  cpSync(bundle, target, { recursive: true });
  // koffi's binary of the other architecture.
  const scope = join(target, 'node_modules/@koromix');
  for (const name of readdirSync(scope)) {
    if (name !== `koffi-linux-${architecture.node}`) rmSync(join(scope, name), { recursive: true });
  }
  return {
    architecture: architecture.oci,
    layers: [libraries, runtime, program],
    labels: {
      'org.opencontainers.image.title': 'lazypull',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.lazypull.node': NODE_VERSION,
      'org.lazypull.libraries': packages.join(' '),
    },
  };
}

/** What a program says, it says to stderr. */
function node(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [script, ...args], { cwd: PROJECT, stdio: ['ignore', 2, 2] });
}
