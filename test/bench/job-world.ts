// A CI runner at the near end of a line, for one job each; a real registry and a cache service at its far end. What a job
// says is kept with the time at which it was said, and what it asks the registry is read from the registry's log.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionJobs } from '../support/action-jobs.ts';
import { CacheServiceProcess } from '../support/cache-service-process.ts';
import { image, type ImageName } from '../support/images.ts';
import { createLink, type LinkOptions } from '../support/link.ts';
import type { Machine } from '../support/machine.ts';
import { pushLayout, startRegistryProcess } from '../support/registry-process.ts';
import type { Execute, JobResult, Step } from '../support/runner-job.ts';
import { attachDisk, makeDisk } from './fresh-disk.ts';
import { parseRegistryLog, type RegistryRequest } from './registry-log.ts';

/** The registry logs a request when it has been answered. */
const LOG_MS = 100;

/** A part of what a process wrote to its standard output, by `performance.now()`. */
export interface SaidPart {
  readonly atMs: number;
  readonly text: string;
}

/** A process of a step: main, script or post. */
export interface StageTimes {
  readonly startedMs: number;
  readonly said: readonly SaidPart[];
}

/** A job that has ended, its stages in their order, and its requests. */
export interface TimedJob {
  readonly job: JobResult;
  readonly stages: readonly StageTimes[];
  readonly requests: readonly RegistryRequest[];
}

/** The far end. `run` opens a machine of its own for every job. */
export interface JobWorld extends AsyncDisposable {
  readonly jobs: ActionJobs;
  /** @param buildkitd puts buildkitd into the machine's PATH. @throws Error when the job fails. */
  run(steps: readonly Step[], options?: { readonly buildkitd?: boolean }): Promise<TimedJob>;
}

/** Bundles the action, opens the line, and pushes the images. */
export async function openJobWorld(line: LinkOptions, names: readonly ImageName[]): Promise<JobWorld> {
  await using opened = new AsyncDisposableStack();
  const jobs = opened.use(await ActionJobs.make());
  const dir = await mkdtemp('/var/tmp/lazypull-bench-');
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const link = opened.use(await createLink(line));
  const far = { netns: link.serverNetns, host: link.serverAddress };
  const registry = opened.use(await startRegistryProcess({ dir: join(dir, 'registry'), ...far }));
  for (const name of names) {
    await pushLayout((await image(name)).layoutDir, `${registry.host}/${name}:latest`, far.netns);
  }
  const cache = opened.use(await CacheServiceProcess.start({ netns: far.netns, address: far.host }));
  const closing = opened.move();
  return {
    jobs,
    run: async (steps, { buildkitd = false } = {}) => {
      await using disk = await makeDisk(dir);
      await using machine = await jobs.machine({ network: link, buildkitd });
      await attachDisk(machine, disk);
      const before = registry.log().length;
      const stages: StageTimes[] = [];
      const access = { url: cache.url, token: await cache.token() };
      const job = await jobs.run(machine, { steps, cache: access, execute: timed(machine, stages) });
      if (job.conclusion !== 'success') throw new Error(`the job failed: ${job.log}`);
      await sleep(LOG_MS);
      return { job, stages, requests: parseRegistryLog(registry.log().slice(before)) };
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** Runs processes of a job as the machine does, and notes when each of them said what. */
function timed(machine: Machine, stages: StageTimes[]): Execute {
  return async ([...command], { env, cwd }) => {
    const said: SaidPart[] = [];
    let stderr = '';
    stages.push({ startedMs: performance.now(), said });
    const { child } = machine.spawn(command, { env, cwd });
    child.stdin?.end();
    child.stdout?.on('data', (data: Buffer) => said.push({ atMs: performance.now(), text: data.toString() }));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status: status ?? 137, stdout: said.map(({ text }) => text).join(''), stderr };
  };
}
