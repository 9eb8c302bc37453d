// The images 'toolchains': what Dockerfiles of real projects begin with, under the names that Docker Hub has them by, made of
// the distribution's own packages on one common base. Builds on them need no network. Needs root, for debootstrap.
import {
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Apt } from '../../script/programs/apt.ts';
import { readDistribution, readSources } from '../../script/programs/distribution.ts';
import { buildBase, mergeUsr, tarOfFolder } from './image-real.ts';
import { requireProgram } from './needs.ts';
import {
  type LayoutDescriptor,
  type RunConfig,
  writeGzipLayer,
  writeIndex,
  writeManifest,
  type WrittenLayer,
} from './oci-layout.ts';
import type { TestRegistry } from './registry.ts';
import { run } from './run.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NPM = 'npm@10.9.4';

/** A layer: packages, what is done to them afterwards, and the layers below it. */
interface Part {
  readonly below: readonly PartName[];
  readonly packages?: readonly string[];
  readonly finish?: (root: string, base: string) => void | Promise<void>;
}

type PartName = 'go' | 'node' | 'python' | 'pip' | 'jre' | 'jdk' | 'gcc';

const parts: Record<PartName, Part> = {
  go: { below: [], packages: ['golang-go', 'golang-src'], finish: withoutGoTests },
  node: { below: [], finish: addNode },
  python: { below: [], packages: ['python3'] },
  pip: { below: ['python'], packages: ['python3-pip', 'python3-venv', 'python3-setuptools', 'python3-wheel'] },
  jre: { below: [], packages: ['default-jre-headless'], finish: (root) => linkJava(root, ['java']) },
  jdk: { below: ['jre'], packages: ['default-jdk-headless'], finish: withoutModules },
  gcc: { below: [], packages: ['g++', 'make', 'cmake'], finish: linkCompilers },
};

interface Toolchain {
  /** The layers above the base; `alone` has busybox and no base. */
  readonly parts: readonly PartName[] | 'alone';
  readonly config?: RunConfig;
}

const nodeConfig: RunConfig = { Env: [PATH, 'NODE_VERSION=24'], Cmd: ['node'] };

/** By the names that Dockerfiles have. */
const toolchains: Readonly<Record<string, Toolchain>> = {
  'library/debian:stable-slim': { parts: [], config: { Env: [PATH], Cmd: ['bash'] } },
  'library/golang:1': { parts: ['go'], config: { Env: [PATH, 'GOPATH=/go', 'GOTOOLCHAIN=local'], WorkingDir: '/go' } },
  'library/node:24': { parts: ['node'], config: nodeConfig },
  'library/python:3': { parts: ['python', 'pip'], config: { Env: [PATH], Cmd: ['python3'] } },
  'library/python:3-slim': { parts: ['python'], config: { Env: [PATH], Cmd: ['python3'] } },
  'library/eclipse-temurin:jdk': { parts: ['jre', 'jdk'], config: { Env: [PATH] } },
  'library/eclipse-temurin:jre': { parts: ['jre'], config: { Env: [PATH] } },
  'library/gcc:latest': { parts: ['gcc'], config: { Env: [PATH] } },
  'acme/node-onbuild:24': {
    parts: ['node'],
    config: {
      ...nodeConfig,
      WorkingDir: '/app',
      OnBuild: ['COPY --chown=node:node . .', 'RUN node --check server.js'],
    },
  },
  'library/busybox:stable': { parts: 'alone', config: { Env: ['PATH=/bin'], Cmd: ['sh'] } },
};

/** In the layout, images are tagged by their names. */
const tagOf = (name: string): string => name.replaceAll(/[/:]/g, '-');

/** Writes all of them into a folder as one OCI layout; its `latest` is the base. */
export async function buildToolchains(layoutDir: string, say: (text: string) => void): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'lazypull-toolchains-'));
  try {
    const base = join(work, 'base');
    mkdirSync(base);
    await buildBase(base);
    const layers = new Map<string, WrittenLayer>();
    const keep = async (name: string, root: string): Promise<void> => {
      slim(root);
      const layer = await writeGzipLayer(layoutDir, tarOfFolder(root));
      say(`layer ${name}: ${layer.descriptor.size} bytes`);
      layers.set(name, layer);
    };
    const distribution = readDistribution();
    using apt = new Apt(distribution, readSources(distribution), []);
    apt.update();
    for (const [name, part] of Object.entries(parts)) {
      const root = join(work, name);
      mkdirSync(root);
      const added = packagesOf(apt, part, join(base, 'var/lib/dpkg/status'));
      if (added.length > 0) apt.unpack(added, root);
      mergeUsr(root);
      await part.finish?.(root, base);
      await keep(name, root);
    }
    // The last, since the packages above are those that it does not have.
    await keep('base', base);
    addBusybox(join(work, 'alone'));
    await keep('alone', join(work, 'alone'));
    writeToolchains(layoutDir, layers);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeToolchains(layoutDir: string, layers: ReadonlyMap<string, WrittenLayer>): void {
  const tags: Record<string, LayoutDescriptor> = {};
  for (const [name, toolchain] of Object.entries(toolchains)) {
    const names = toolchain.parts === 'alone' ? ['alone'] : ['base', ...toolchain.parts];
    const own = names.flatMap((part) => layers.get(part) ?? []);
    tags[tagOf(name)] = writeManifest(layoutDir, own, toolchain.config ?? {});
  }
  const base = tags[tagOf('library/debian:stable-slim')];
  if (base === undefined) throw new Error('there is no base');
  writeIndex(layoutDir, base, tags);
}

/** The lazily pullable variants of all but busybox, made by `lazypull convert`, in a layout with the same tags. */
export async function convertToolchains(source: string, layoutDir: string, say: (text: string) => void): Promise<void> {
  for (const [name, { parts: own }] of Object.entries(toolchains)) {
    if (own === 'alone') continue;
    // Level 6 takes a third of the time of 9, and this is done once on every fresh machine.
    const flags = ['--compression-level', '6', `oci:${source}:${tagOf(name)}`, `oci:${layoutDir}:${tagOf(name)}`];
    await run(process.execPath, [CLI, 'convert', ...flags], { timeoutMs: 10 * 60_000 });
    say(name);
  }
}

/** Serves the images of a layout by their names, behind `prefix`. */
export function addToolchains(registry: TestRegistry, layoutDir: string, prefix = ''): void {
  const { manifests } = JSON.parse(readFileSync(join(layoutDir, 'index.json'), 'utf8')) as {
    manifests: LayoutDescriptor[];
  };
  for (const name of Object.keys(toolchains)) {
    const isIt = ({ annotations }: LayoutDescriptor): boolean =>
      annotations?.['org.opencontainers.image.ref.name'] === tagOf(name);
    const found = manifests.find(isIt);
    if (found === undefined) continue;
    const [repository = '', tag = ''] = `${prefix}${name}`.split(':');
    registry.content.repository(repository).layouts.push(layoutDir);
    registry.content.tag(repository, tag, found.digest);
  }
}

function packagesOf(apt: Apt, { below, packages = [] }: Part, status: string): string[] {
  if (packages.length === 0) return [];
  const lower = below.flatMap((name) => parts[name].packages ?? []);
  const there = new Set(lower.length === 0 ? [] : apt.additions(lower, status));
  return apt.additions([...lower, ...packages], status).filter((name) => !there.has(name));
}

/** What the slim images of Docker Hub do without, too. */
function slim(root: string): void {
  const names = ['doc', 'man', 'info', 'locale', 'lintian', 'bash-completion'];
  for (const name of names) rmSync(join(root, 'usr/share', name), { recursive: true, force: true });
}

function withoutGoTests(root: string): void {
  const patterns = ['usr/share/go-*/{test,api,misc}', 'usr/share/go-*/src/**/{*_test.go,testdata}'];
  for (const path of globSync(patterns, { cwd: root })) rmSync(join(root, path), { recursive: true, force: true });
}

async function addNode(root: string, base: string): Promise<void> {
  const bin = join(root, 'usr/local/bin');
  const modules = join(root, 'usr/local/lib/node_modules');
  for (const folder of [bin, modules, join(root, 'etc'), join(root, 'home/node')]) {
    mkdirSync(folder, { recursive: true });
  }
  copyFileSync(process.execPath, join(bin, 'node'));
  writeFileSync(join(root, 'package.json'), '{"private":true}');
  const quiet = ['--ignore-scripts', '--no-package-lock', '--audit=false', '--fund=false', '--loglevel=error'];
  await run('npm', ['install', ...quiet, NPM], { cwd: root, timeoutMs: 300_000 });
  cpSync(join(root, 'node_modules/npm'), join(modules, 'npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['node_modules', 'package.json']) rmSync(join(root, name), { recursive: true });
  for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(bin, name));
  const add = (file: string, line: string): void =>
    writeFileSync(join(root, file), `${readFileSync(join(base, file), 'utf8')}${line}\n`);
  add('etc/passwd', 'node:x:1000:1000::/home/node:/bin/bash');
  add('etc/group', 'node:x:1000:');
  await run('chown', ['1000:1000', join(root, 'home/node')]);
}

// Packages leave these links to their installation, which does not take place.
function linkJava(root: string, names: readonly string[]): void {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  for (const name of names) {
    const [found] = globSync(`usr/lib/jvm/java-*/bin/${name}`, { cwd: root });
    if (found === undefined) throw new Error(`no ${name} in the packages`);
    symlinkSync(`/${found}`, join(root, 'usr/bin', name));
  }
}

function withoutModules(root: string): void {
  for (const path of globSync('usr/lib/jvm/java-*/jmods', { cwd: root })) rmSync(join(root, path), { recursive: true });
  linkJava(root, ['javac', 'jar']);
}

function linkCompilers(root: string): void {
  symlinkSync('gcc', join(root, 'usr/bin/cc'));
  symlinkSync('g++', join(root, 'usr/bin/c++'));
}

function addBusybox(root: string): void {
  for (const name of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp']) mkdirSync(join(root, name), { recursive: true });
  copyFileSync(requireProgram('busybox'), join(root, 'bin/busybox'));
  for (const name of ['sh', 'cat', 'ls', 'echo', 'httpd', 'true', 'mkdir'])
    symlinkSync('busybox', join(root, 'bin', name));
}
