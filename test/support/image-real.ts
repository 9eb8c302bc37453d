// The image 'real', which benchmarks use: a Debian (or Ubuntu) base, python3, Node with a typical project's
// dependencies, and a small application; four layers, about 38,000 entries. Needs root, for debootstrap and chroot.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Apt } from '../../script/programs/apt.ts';
import { mirrorUrl, readDistribution, readSources } from '../../script/programs/distribution.ts';
import { mainJs, mainPy } from './image-real-app.ts';
import { requireProgram } from './needs.ts';
import { writeGzipLayer, writeImage, type WrittenLayer } from './oci-layout.ts';
import { run } from './run.ts';

const nodeVersion = '24.21.0';
const npmPackages = [
  'typescript@5.6.3',
  'webpack@5.95.0',
  '@babel/core@7.25.8',
  '@babel/preset-env@7.25.8',
  'core-js@3.38.1',
  'date-fns@3.6.0',
  'rxjs@7.8.1',
  'lodash@4.17.21',
  'eslint@8.57.1',
  'jest@29.7.0',
  'express@4.21.1',
  'react@18.3.1',
  'react-dom@18.3.1',
  '@mui/material@5.16.7',
  'moment@2.30.1',
  'ajv@8.17.1',
  'zod@3.23.8',
];
const slowMs = 10 * 60_000;

/** Writes the image into a folder as an OCI layout. `say` gets a line for each layer. */
export async function buildRealImage(layoutDir: string, say: (text: string) => void): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'lazypull-image-'));
  try {
    const roots = ['base', 'python', 'node', 'app'].map((name) => join(work, name));
    const [base = '', python = '', node = '', app = ''] = roots;
    for (const root of roots) mkdirSync(root);
    await buildBase(base);
    await buildPython(base, python, work);
    await buildNode(node, work);
    buildApp(app);
    const layers: WrittenLayer[] = [];
    for (const root of roots) {
      const layer = await writeGzipLayer(layoutDir, tarOfFolder(root));
      say(`layer ${root.slice(work.length + 1)}: ${layer.descriptor.size} bytes`);
      layers.push(layer);
    }
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    writeImage(layoutDir, layers, {
      Env: [`PATH=${path}`, 'NODE_PATH=/usr/local/lib/node_modules'],
      Cmd: ['node', '/app/main.js'],
      WorkingDir: '/',
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A minimal system by debootstrap. */
export async function buildBase(root: string): Promise<void> {
  const distribution = readDistribution();
  const mirror = mirrorUrl(distribution, readSources(distribution));
  const args = ['--variant=minbase', `--keyring=${distribution.keyring}`, distribution.codename, root, mirror];
  await run(requireProgram('debootstrap'), args, { timeoutMs: slowMs, env: { ...process.env, LC_ALL: 'C' } });
  for (const path of ['var/cache/apt', 'var/lib/apt/lists', 'var/log']) {
    for (const name of readdirSync(join(root, path))) rmSync(join(root, path, name), { recursive: true });
  }
  // debootstrap leaves the machine's own names there.
  for (const name of ['etc/hostname', 'etc/resolv.conf', 'etc/apt/sources.list'])
    rmSync(join(root, name), { force: true });
}

// Packages are unpacked, not installed: nothing of them needs its configuration to run, and a layer that is unpacked
// has no traces of the machine. Compiling goes through an overlay, so that only the new files land in the layer.
async function buildPython(base: string, root: string, work: string): Promise<void> {
  const distribution = readDistribution();
  using apt = new Apt(distribution, readSources(distribution), []);
  apt.update();
  const names = [
    'python3',
    'python3-setuptools',
    'python3-yaml',
    'python3-requests',
    'python3-cryptography',
    'python3-numpy',
    'python3-pip',
  ];
  for (const name of apt.additions(names, join(base, 'var/lib/dpkg/status'))) apt.unpack(name, root);
  mergeUsr(root);
  const merged = join(work, 'merged');
  const upperWork = join(work, 'overlay-work');
  for (const folder of [merged, upperWork]) mkdirSync(folder);
  const options = `lowerdir=${base},upperdir=${root},workdir=${upperWork}`;
  await run('mount', ['-t', 'overlay', '-o', options, 'overlay', merged]);
  try {
    const compile = ['python3', '-m', 'compileall', '-q', '-j', '1', '/usr/lib/python3', ...pythonFolders(root)];
    // Its status says that some file did not compile, and a few never do (templates, tests of old syntax).
    const { stderr } = await run('chroot', [merged, ...compile], { timeoutMs: slowMs, check: false });
    if (!existsSync(join(root, 'usr/lib/python3/dist-packages/yaml/__pycache__'))) throw new Error(`python: ${stderr}`);
  } finally {
    await run('umount', [merged]);
  }
}

// Packages still name /lib and /bin; in the base these are symlinks into /usr, which a folder of this layer would hide.
export function mergeUsr(root: string): void {
  for (const name of ['bin', 'sbin', 'lib', 'lib64'].filter((folder) => existsSync(join(root, folder)))) {
    cpSync(join(root, name), join(root, 'usr', name), { recursive: true, verbatimSymlinks: true });
    rmSync(join(root, name), { recursive: true });
  }
}

function pythonFolders(root: string): string[] {
  return readdirSync(join(root, 'usr/lib'))
    .filter((name) => /^python3\.\d+$/.test(name))
    .map((name) => join('/usr/lib', name));
}

async function buildNode(root: string, work: string): Promise<void> {
  const project = join(work, 'npm');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  const runtime = `node-linux-${process.arch}`;
  const install = ['install', '--ignore-scripts', '--audit=false', '--fund=false', '--loglevel=error'];
  await run('npm', [...install, ...npmPackages, `${runtime}@${nodeVersion}`], { cwd: project, timeoutMs: slowMs });
  const target = join(root, 'usr/local');
  mkdirSync(join(target, 'bin'), { recursive: true });
  cpSync(join(project, 'node_modules', runtime, 'bin/node'), join(target, 'bin/node'));
  rmSync(join(project, 'node_modules', runtime), { recursive: true });
  cpSync(join(project, 'node_modules'), join(target, 'lib/node_modules'), { recursive: true, verbatimSymlinks: true });
}

function buildApp(root: string): void {
  mkdirSync(join(root, 'app'));
  writeFileSync(join(root, 'app/main.py'), mainPy);
  writeFileSync(join(root, 'app/main.js'), mainJs);
  // Folders that a container's mounts need.
  for (const name of ['proc', 'sys', 'dev', 'tmp']) {
    if (!existsSync(join(root, name))) mkdirSync(join(root, name));
  }
}

/** A tar of everything below a folder. GNU tar sorts, and one date for all files makes it independent of when it was built. */
export function tarOfFolder(root: string): Readable {
  const format = ['--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'];
  const stable = ['--sort=name', '--numeric-owner', '--mtime=@1700000000', '--xattrs', '--xattrs-include=*'];
  const child = spawn('tar', [...format, ...stable, '-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.on('close', (status) => {
    if (status !== 0) child.stdout.destroy(new Error(`tar: status ${status}`));
  });
  return child.stdout;
}
