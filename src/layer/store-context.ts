// What all layers of a store share: workers, memory budgets, options, and the knowledge of whether somebody waits.
import type { Logger } from '../log.ts';
import { BuildTurns } from './build-turns.ts';
import { ByteBudget } from './budget.ts';
import type { BuildResult, BuildTask } from './build-layer.ts';
import type { StoreResult, StoreTask } from './chunk-worker.ts';
import { Foreground } from './foreground.ts';
import type { WorkerPool } from './worker-pool.ts';

const MIB = 1024 * 1024;

/** Compressed bytes in memory for readers who wait, and for everything else. */
export const DEMAND_BUDGET_BYTES: number = 32 * MIB;
export const SPECULATION_BUDGET_BYTES: number = 16 * MIB;

/** Shared by all layers of one store. */
export interface StoreContext {
  readonly log: Logger;
  readonly chunkPool: WorkerPool<StoreTask, StoreResult>;
  readonly buildTurns: BuildTurns;
  readonly buildPool: WorkerPool<BuildTask | 'rehearse', BuildResult>;
  readonly demandBudget: ByteBudget;
  readonly speculationBudget: ByteBudget;
  readonly foreground: Foreground;
  readonly bootId: string;
  readonly neighbours: boolean;
}

/** Budgets and foreground of a new store. */
export function newShared(): Pick<StoreContext, 'demandBudget' | 'speculationBudget' | 'foreground'> {
  return {
    demandBudget: new ByteBudget(DEMAND_BUDGET_BYTES),
    speculationBudget: new ByteBudget(SPECULATION_BUDGET_BYTES),
    foreground: new Foreground(),
  };
}
