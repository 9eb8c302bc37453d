// The two ends of the builds that test/bench/build.ts measures: a real registry with the base in all its forms at the far
// end of a line, and at the near end, for each sample, a BuildKit that has nothing, on a disk that nobody has used.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBuildkit } from '../support/buildkit.ts';
import { startDaemon } from '../support/daemon.ts';
import { writeFrontendImage } from '../support/frontend.ts';
import { image } from '../support/images.ts';
import { createLink, type Link, type LinkOptions } from '../support/link.ts';
import { unmountBelow } from '../support/mounts.ts';
import { toolsDir } from '../support/needs.ts';
import { readLayout } from '../support/oci-layout.ts';
import { pushLayout, startRegistryProcess, type RegistryProcess } from '../support/registry-process.ts';
import { run } from '../support/run.ts';
import { parseBuildProgress, type BuildPhases } from './build-progress.ts';
import { makeDisk } from './fresh-disk.ts';
import { BUILT_CLI } from './peers.ts';
import { parseRegistryLog, type RegistryRequest } from './registry-log.ts';

/** The registry logs a request when it has been answered. */
const LOG_MS = 100;
/** A daemon has been up for a while when a job builds. */
const SETTLE_MS = 3000;
const RUN = ['python3', '/app/main.py'];
const SAID = 'python ready';
const BASE = 'real';

/** Forms of the base, by their tags. `ordinary` is gzip without a table of contents. */
export type BaseForm = 'ordinary' | 'reference' | 'ours' | 'optimized' | 'reference-optimized';

/** What of BuildKit mounts layers: unpacking, its own snapshotter in Go, or our daemon. */
export type Engine = 'overlayfs' | 'go' | 'ours';

export interface BuildMode {
  readonly name: string;
  readonly engine: Engine;
  /** What the layers come from in the end. */
  readonly base: BaseForm;
  /** What makes BuildKit take that base for a Dockerfile that names the ordinary one. Nothing: the Dockerfile names it. */
  readonly by?: 'frontend' | 'policy';
}

export interface BuildFigures extends BuildPhases {
  /** Of `buildctl`, from its start to its end. */
  readonly buildMs: number;
  /** `lazypull policy`, before the build. */
  readonly policyMs?: number;
  readonly requests: number;
  /** That the registry sent. */
  readonly bytes: number;
}

export interface BuildWorld extends AsyncDisposable {
  /** @throws Error when the build fails, or when layers came in another way than the mode is about. */
  build(mode: BuildMode, id: string): Promise<BuildFigures>;
}

/** Makes the forms of the base that the modes need, and serves them behind a line. */
export async function openBuildWorld(line: LinkOptions, modes: readonly BuildMode[]): Promise<BuildWorld> {
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp('/var/tmp/lazypull-bench-');
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const layouts = await makeForms(dir, new Set(['ordinary', ...modes.map(({ base }) => base)]));
  const link = opened.use(await createLink(line));
  const registry = opened.use(
    await startRegistryProcess({ dir: join(dir, 'registry'), netns: link.serverNetns, host: link.serverAddress }),
  );
  for (const [form, layout] of layouts)
    await pushLayout(layout, `${registry.host}/${BASE}:${tagOf(form)}`, link.serverNetns);
  if (modes.some(({ by }) => by === 'frontend')) {
    const frontend = join(dir, 'frontend');
    await writeFrontendImage(frontend);
    await pushLayout(frontend, `${registry.host}/frontend:latest`, link.serverNetns);
  }
  const closing = opened.move();
  const ends = { dir, link, registry, layouts };
  return { build: (mode, id) => sample(ends, mode, id), [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

interface Ends {
  readonly dir: string;
  readonly link: Link;
  readonly registry: RegistryProcess;
  readonly layouts: ReadonlyMap<BaseForm, string>;
}

async function sample(ends: Ends, mode: BuildMode, id: string): Promise<BuildFigures> {
  const { link, registry } = ends;
  await using opened = new AsyncDisposableStack();
  const disk = opened.use(await makeDisk(ends.dir));
  const dir = join(ends.dir, 'near');
  await mkdir(dir, { recursive: true });
  await run('mount', ['-o', 'noinit_itable', disk.device, dir]);
  opened.defer(async () => void (await unmountBelow(dir)));
  const near = { netns: link.clientNetns, plainHttp: [registry.host] };
  const proxySocket = mode.engine === 'ours' ? await startOurs(opened, dir, ends) : undefined;
  const buildkit = opened.use(
    await startBuildkit({
      ...near,
      dir: join(dir, 'buildkit'),
      snapshotter: mode.engine === 'overlayfs' ? 'overlayfs' : 'stargz',
      // What is fetched while nobody waits is not what is measured; ours is told the same.
      config: '[worker.oci.stargzSnapshotter]\n  no_background_fetch = true\n',
      ...(proxySocket === undefined ? {} : { proxySocket }),
    }),
  );
  const context = join(dir, 'context');
  await mkdir(context);
  await writeFile(join(context, 'Dockerfile'), dockerfileOf(registry.host, mode));
  await sleep(SETTLE_MS);
  const { flags, policyMs } = await policyOf(ends, mode, context);
  const output = `type=image,name=${registry.host}/built:${id},push=true,oci-mediatypes=true`;
  const before = registry.log().length;
  const started = performance.now();
  const { stderr } = await buildkit.build(context, ['--progress', 'rawjson', '--output', output, ...flags]);
  const buildMs = Math.round(performance.now() - started);
  await sleep(LOG_MS);
  const requests = parseRegistryLog(registry.log().slice(before));
  const { phases, output: said } = parseBuildProgress(stderr);
  if (!said.includes(SAID)) throw new Error(`${mode.name}: the build did not say ${SAID}: ${stderr.slice(-2000)}`);
  checkLayers(ends, mode, requests);
  const bytes = requests.reduce((sum, request) => sum + (request.method === 'GET' ? request.bytes : 0), 0);
  return { buildMs, ...phases, ...(policyMs === undefined ? {} : { policyMs }), requests: requests.length, bytes };
}

async function startOurs(opened: AsyncDisposableStack, dir: string, { link, registry }: Ends): Promise<string> {
  const config = `log.level = "info"\nbackground_fill.enabled = false\nregistry.plain_http_hosts = ["${registry.host}"]`;
  const daemon = await startDaemon({ dir: join(dir, 'daemon'), main: BUILT_CLI, config, netns: link.clientNetns });
  opened.defer(async () => void (await daemon.stop()));
  return daemon.socket;
}

function dockerfileOf(host: string, { base, by }: BuildMode): string {
  const named = tagOf(by === undefined ? base : 'ordinary');
  const syntax = by === 'frontend' ? `# syntax=${host}/frontend suffix=-${base}\n` : '';
  return `${syntax}FROM ${host}/${BASE}:${named}\nRUN ${RUN.join(' ')}\n`;
}

/** Variants are found by a suffix. */
function tagOf(form: BaseForm): string {
  return form === 'ordinary' ? form : `ordinary-${form}`;
}

async function policyOf(
  { link, dir }: Ends,
  { by, base }: BuildMode,
  context: string,
): Promise<{ readonly flags: readonly string[]; readonly policyMs?: number }> {
  if (by !== 'policy') return { flags: [] };
  const file = join(dir, 'policy.json');
  const started = performance.now();
  const args = ['policy', '--plain-http', '--suffix', `-${base}`, '--output', file, context];
  await link.runAt('client', process.execPath, [BUILT_CLI, ...args]);
  return { flags: ['--source-policy-file', file], policyMs: Math.round(performance.now() - started) };
}

/** Lazily: no layer of a base came in one piece, neither of the right one nor of another. Ordinarily: all of them did. */
function checkLayers({ layouts }: Ends, { name, engine }: BuildMode, requests: readonly RegistryRequest[]): void {
  const lazy = [...layouts.values()].flatMap((layout) => readLayout(layout).layers);
  const layers = engine === 'overlayfs' ? readLayout(layouts.get('ordinary')!).layers : lazy;
  const whole = layers.filter(({ digest, size }) =>
    requests.some(
      ({ method, uri, status, bytes }) =>
        method === 'GET' && status === 200 && bytes >= size && uri.endsWith(`/blobs/${digest}`),
    ),
  );
  const wanted = engine === 'overlayfs' ? layers.length : 0;
  if (whole.length === wanted) return;
  const digests = whole.map(({ digest }) => digest).join(', ');
  throw new Error(`${name}: ${whole.length} layers were fetched in one piece, not ${wanted}: ${digests}`);
}

/** Layouts by form. */
async function makeForms(dir: string, forms: ReadonlySet<string>): Promise<Map<BaseForm, string>> {
  const { layoutDir } = await image(BASE);
  const layouts = new Map<BaseForm, string>([['ordinary', layoutDir]]);
  const env = { ...process.env, PATH: [join(toolsDir, 'bin'), process.env['PATH']].join(delimiter) };
  const make = async (form: BaseForm, command: string, after: readonly string[] = []): Promise<void> => {
    if (!forms.has(form)) return;
    const out = join(dir, form);
    const args = [BUILT_CLI, command, `oci:${layoutDir}`, `oci:${out}:latest`, ...after];
    await run(process.execPath, args, { env, timeoutMs: 15 * 60_000 });
    layouts.set(form, out);
  };
  await make('ours', 'convert');
  await make('optimized', 'optimize', ['--', '/usr/bin/python3', ...RUN.slice(1)]);
  if (forms.has('reference')) layouts.set('reference', (await image('real-esgz')).layoutDir);
  if (forms.has('reference-optimized')) layouts.set('reference-optimized', (await image('real-esgz-python')).layoutDir);
  return layouts;
}
