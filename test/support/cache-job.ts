// A job for tests of the action's cache: the real @actions/cache client, a cache service, real hot packs, and the control
// socket of a daemon that has nothing but those.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CacheContext, downloadCache, loadCache, type RestoredCache, saveCache } from '../../action/cache.ts';
import { createHost } from '../../action/host.ts';
import { startControl, type ControlHandlers } from '../../src/daemon/control.ts';
import { createMetrics } from '../../src/daemon/metrics.ts';
import type { HotSaveRequest } from '../../src/daemon/hot-request.ts';
import { HotPacks } from '../../src/layer/hot-packs.ts';
import { silentLogger } from '../../src/log.ts';
import { CacheService } from './cache-service.ts';
import type { CacheEntry } from './cache-service-store.ts';
import type { TokenOptions } from './cache-service-token.ts';
import { sampleStatus } from './daemon-status.ts';
import { saveJob, type Read } from './hot-packs.ts';
import { files, openStore, scratch, testLayer, type TestLayer } from './layers.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What the jobs read, unless told. */
export const LAYER: TestLayer = testLayer(files([5000, 9000, 7000, 300_000, 40]), { chunkSize: 4096 });
const READ: readonly Read[] = [{ made: LAYER, chunks: [7, 0, 3] }];

/** A cache service, and jobs that use it. */
export interface CacheWorld extends AsyncDisposable {
  readonly service: CacheService;
  /** RUNNER_TEMP of all jobs, unless told. */
  readonly temp: string;
  start(options?: Partial<CacheJobOptions>): Promise<CacheJob>;
}

export async function cacheWorld(): Promise<CacheWorld> {
  const service = await CacheService.start();
  const dir = await scratch();
  const temp = join(dir.path, '_temp');
  return {
    service,
    temp,
    start: (options) => startCacheJob({ service, temp, reads: READ, ...options }),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

let seed: Promise<CacheEntry> | undefined;

/** What a first job saved: by a real one, once in a process. @returns the key. */
export async function seeded(world: CacheWorld): Promise<string> {
  const { key, version, scope, body } = await (seed ??= makeSeed());
  const entry = world.service.store.reserve(key, version, scope)!;
  entry.body = body;
  world.service.store.finalize(entry, Infinity);
  return key;
}

async function makeSeed(): Promise<CacheEntry> {
  await using world = await cacheWorld();
  await using job = await world.start();
  const { why } = await saveCache(job.context, '');
  const [entry] = world.service.entries;
  if (entry === undefined) throw new Error(`the first job did not save: ${why}`);
  return entry;
}

/** What main does. */
export async function restoreIn({ context }: CacheJob): Promise<RestoredCache> {
  return await loadCache(context, await downloadCache(context));
}

export interface CacheJobOptions {
  readonly service: CacheService;
  /** RUNNER_TEMP: the same for jobs that shall find each other's entries. */
  readonly temp: string;
  readonly reads?: readonly Read[];
  readonly token?: TokenOptions;
  readonly inputs?: Partial<CacheContext['inputs']>;
  readonly facts?: Partial<CacheContext['facts']>;
  readonly env?: NodeJS.ProcessEnv;
  readonly limits?: CacheContext['limits'];
  readonly event?: unknown;
  readonly handlers?: Partial<ControlHandlers>;
}

export interface CacheJob extends AsyncDisposable {
  readonly context: CacheContext;
  /** What the user saw. */
  readonly infos: string[];
  readonly notices: string[];
  /** What the daemon was asked. */
  readonly saves: HotSaveRequest[];
  readonly loads: string[];
  endDaemon(): Promise<void>;
}

/** Starts one; its daemon answers at once. */
export async function startCacheJob(options: CacheJobOptions): Promise<CacheJob> {
  const dir = await scratch();
  const [saves, loads, infos, notices]: [HotSaveRequest[], string[], string[], string[]] = [[], [], [], []];
  const socket = join(dir.path, 'control.sock');
  const store = await openStore(join(dir.path, 'root'));
  const packs = new HotPacks(store);
  const server = await startControl({
    socket,
    log: silentLogger,
    handlers: {
      health: () => ({ ok: true, detail: 'ok' }),
      status: sampleStatus,
      metrics: () => createMetrics(sampleStatus).render(),
      config: () => '',
      warm: () => {},
      pull: () => Promise.reject(new Error('no pulls here')),
      hotSave: (request) => {
        saves.push(request);
        return saveJob(request.directory, options.reads ?? [], request);
      },
      hotLoad: ({ directory }) => {
        loads.push(directory);
        return packs.load(directory);
      },
      drain: () => Promise.resolve(undefined),
      restart: () => {},
      ...options.handlers,
    },
  });
  const program = await lazypullFor(socket, dir.path);
  const event = join(dir.path, 'event.json');
  await writeFile(event, JSON.stringify(options.event ?? { repository: { private: true } }));
  await mkdir(options.temp, { recursive: true });
  const { limits } = options;
  const context: CacheContext = {
    // Commands of root need none here.
    host: createHost('root'),
    inputs: { cache: true, cacheKey: '', cacheLimitBytes: 100_000_000, matrix: 'null', ...options.inputs },
    facts: { arch: 'x64', ghes: false, ...options.facts },
    env: { ...cacheEnvironment(options), GITHUB_EVENT_PATH: event, ...options.env },
    info: (message) => void infos.push(message),
    notice: (message) => void notices.push(message),
    program: [program],
    ...(limits === undefined ? {} : { limits }),
  };
  return {
    context,
    infos,
    notices,
    saves,
    loads,
    endDaemon: () => server.close(),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await packs.close();
      await store[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
}

/** A `lazypull` in `folder` that speaks to the daemon of this socket. The action names its own; the last one counts. */
export async function lazypullFor(socket: string, folder: string): Promise<string> {
  const program = join(folder, 'lazypull');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@" --socket '${socket}'\n`);
  await chmod(program, 0o755);
  return program;
}

/** The environment of a step, as far as the cache looks at it. */
export function cacheEnvironment({
  service,
  temp,
  token,
}: Pick<CacheJobOptions, 'service' | 'temp' | 'token'>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    RUNNER_TEMP: temp,
    GITHUB_WORKSPACE: join(temp, 'workspace'),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'owner/repository',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_JOB: 'test',
    GITHUB_RUN_ID: '1',
    ACTIONS_CACHE_SERVICE_V2: 'True',
    ACTIONS_RESULTS_URL: service.url,
    ACTIONS_RUNTIME_TOKEN: service.token(token),
  };
}
