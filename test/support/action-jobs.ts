// Whole jobs with the action on test machines: the bundle as a runner checks it out, a registry with the small image in both
// kinds, and what the daemon says in the middle of a job.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonStatus, ImageStatus } from '../../src/daemon/status.ts';
import { bundleAction, type BundledAction } from './bundled-action.ts';
import { CacheService } from './cache-service.ts';
import { image, type ImageName } from './images.ts';
import { MACHINE_NODE, type Machine, type MachineOptions, openMachine, REGISTRY_PORT } from './machine.ts';
import { requireProgram } from './needs.ts';
import { TestRegistry, type TestRegistryOptions } from './registry.ts';
import { runJob } from './runner.ts';
import type { JobOptions, JobResult, RunStep, UsesStep } from './runner-job.ts';

/** Where machines see the action. */
const ACTION = '/srv/lazypull-action';
const LAZYPULL = `sudo ${MACHINE_NODE} ${ACTION}/dist/lazypull.js`;
const CONTROL = '/run/lazypull/control.sock';

/** `registry.test:5000/NAME:latest`, as jobs name it. */
export function imageName(name: ImageName): string {
  return `registry.test:${REGISTRY_PORT}/${name}:latest`;
}

/** A step that leaves the daemon's status for `statusOf`. */
export const statusStep: RunStep = { id: 'status', run: `${LAZYPULL} status --json --socket ${CONTROL}` };

/** What `statusStep` saw. */
export function statusOf(job: JobResult): DaemonStatus {
  return JSON.parse(job.step('status').stdout) as DaemonStatus;
}

/** An image of a status by the end of its reference, e.g. `small:latest`; with and without a digest it is the same. */
export function imageIn(status: DaemonStatus, name: string): ImageStatus {
  const found = status.images.find(({ ref }) => ref.replace(/@.*$/, '').endsWith(`/${name}`));
  if (found !== undefined) return found;
  throw new Error(`no image ${name} among ${status.images.map(({ ref }) => ref).join(', ')}`);
}

/** How the layers of an image were pulled, each way once: `lazy` (perhaps complete by now) or `ordinary`. */
export function waysOf(status: DaemonStatus, name: string): string[] {
  return [...new Set(imageIn(status, name).layers.map(({ state }) => (state === 'ordinary' ? 'ordinary' : 'lazy')))];
}

/** The action for many jobs. */
export class ActionJobs implements Disposable {
  readonly #action: BundledAction;

  private constructor(action: BundledAction) {
    this.#action = action;
  }

  /** Bundles the sources as they are. */
  static async make(): Promise<ActionJobs> {
    const action = await bundleAction();
    // A temporary folder is for its maker only, and jobs run as the runner's user.
    chmodSync(action.folder, 0o755);
    return new ActionJobs(action);
  }

  /** A machine that has the action, and in its PATH buildkitd when that is wanted: it can't be downloaded there. */
  async machine({ buildkitd = false, ...options }: MachineOptions & { buildkitd?: boolean } = {}): Promise<Machine> {
    const mounts = [
      ...(options.mounts ?? []),
      { source: this.#action.folder, target: ACTION },
      ...(buildkitd ? [{ source: requireProgram('buildkitd'), target: '/usr/local/bin/buildkitd' }] : []),
    ];
    return await openMachine({ ...options, mounts });
  }

  /** The step itself. Nothing that was not asked for is fetched beside what a test counts. */
  uses(inputs: Readonly<Record<string, string>> = {}): UsesStep {
    const quiet = { 'config-inline': 'background_fill.enabled = false\n' };
    return { id: 'lazypull', uses: this.#action.folder, with: { ...quiet, ...inputs } };
  }

  /** Runs a job on a machine. */
  async run(machine: Machine, options: JobOptions): Promise<JobResult> {
    const own = machine.job();
    return await runJob({
      ...own,
      ...options,
      env: { ...own.env, ...options.env },
      toInside: (path) =>
        path === this.#action.folder || path.startsWith(`${this.#action.folder}/`)
          ? join(ACTION, path.slice(this.#action.folder.length))
          : own.toInside(path),
    });
  }

  [Symbol.dispose](): void {
    this.#action[Symbol.dispose]();
  }
}

/** A registry for a machine, with images of these names. Use with `registry.close()`. */
export async function registryFor(
  machine: Machine,
  options: TestRegistryOptions,
  ...names: readonly ImageName[]
): Promise<TestRegistry> {
  const registry = await TestRegistry.start({ ...options, address: machine.registryAddress, port: REGISTRY_PORT });
  // Docker's own image store writes the query anew.
  registry.knobs.uploadExactQuery = false;
  for (const name of names) registry.content.addLayout((await image(name)).layoutDir, name);
  return registry;
}

/** A cache service that every machine reaches. */
export async function cacheForMachines(): Promise<CacheService> {
  return await CacheService.start({ address: '0.0.0.0', name: 'registry.test' });
}
