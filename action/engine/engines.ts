// Which engines there are, and which of them a job gets.
import type { Facts } from '../facts.ts';
import type { EngineName, Inputs } from '../inputs.ts';
import { setUpBuildkit } from './buildkit.ts';
import { setUpContainerd } from './containerd.ts';
import { setUpDocker } from './docker.ts';
import type { EngineSetup } from './model.ts';

export const SETUPS: Readonly<Record<EngineName, EngineSetup>> = {
  docker: setUpDocker,
  buildkit: setUpBuildkit,
  containerd: setUpContainerd,
};

/**
 * Engines to try, the first one first. With `auto` those that the machine has: Docker where it is this machine's and may be
 * told of us; BuildKit, which leaves Docker alone; containerd. A Docker of another machine or user is left alone by all.
 */
export function enginesFor({ engine }: Pick<Inputs, 'engine'>, facts: Facts): EngineName[] {
  if (engine !== 'auto') return [engine];
  const { docker, buildx, containerd } = facts;
  return [
    ...(docker !== undefined && docker.unfit === undefined ? (['docker'] as const) : []),
    ...(buildx === undefined ? [] : (['buildkit'] as const)),
    ...(containerd === undefined ? [] : (['containerd'] as const)),
  ];
}
