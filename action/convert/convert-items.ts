// All images, several at a time. One that fails does not stop the others.
import { describeError } from '../../src/errors.ts';
import type { ConvertResult } from '../../src/optimize/convert-model.ts';
import type { Digest } from '../../src/oci/digest.ts';
import { formatReference } from '../../src/oci/reference.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import type { RootWay } from '../host.ts';
import { asRoot, runChild } from './child.ts';
import { lookBefore } from './fresh.ts';
import type { Recipe } from './inputs.ts';
import type { Item } from './items.ts';
import type { Outcome } from './model.ts';
import { argumentsFor } from './recipe.ts';

/** What images are converted with, and who is told of it. */
export interface Workshop {
  readonly recipe: Recipe;
  /** Of the recipe. */
  readonly mark: Digest;
  readonly force: boolean;
  readonly parallel: number;
  /** The `lazypull` command. */
  readonly command: readonly string[];
  readonly rootWay: RootWay;
  readonly client: RegistryClient;
  /** Something that the command says, while it runs. */
  readonly onLine: (item: Item, line: string) => void;
  /** An image is done. `result` is the command's, when it ran to its end. */
  readonly onDone: (outcome: Outcome, result: ConvertResult | undefined) => void;
  readonly signal: AbortSignal;
}

/** @returns what became of each item, in their order. @throws what `signal` was aborted with. */
export async function convertItems(items: readonly Item[], workshop: Workshop): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [place, item] of waiting) outcomes[place] = await convertItem(item, workshop);
  };
  await Promise.all(Array.from({ length: workshop.parallel }, work));
  return outcomes;
}

async function convertItem(item: Item, workshop: Workshop): Promise<Outcome> {
  const { signal, onDone } = workshop;
  const startedMs = performance.now();
  const facts = {
    source: formatReference(item.source),
    destination: formatReference(item.destination),
    changed: false,
    uploadedBytes: 0,
    skippedBytes: 0,
  };
  const durationMs = (): number => Math.round(performance.now() - startedMs);
  try {
    const { outcome, result } = await obtain(item, workshop);
    const done = { ...facts, ...outcome, durationMs: durationMs() };
    onDone(done, result);
    return done;
  } catch (error) {
    signal.throwIfAborted();
    const failed: Outcome = { ...facts, status: 'failed', durationMs: durationMs(), error: describeError(error) };
    onDone(failed, undefined);
    return failed;
  }
}

interface Obtained {
  readonly outcome: Pick<Outcome, 'status' | 'changed'> & Partial<Outcome>;
  readonly result?: ConvertResult;
}

/** Looks whether the copy is up to date, and makes it when it is not. */
async function obtain(item: Item, workshop: Workshop): Promise<Obtained> {
  const { recipe, mark, force, client, signal } = workshop;
  const before = await lookBefore(item, mark, client, signal);
  if (before.fresh && before.destination !== undefined && !force) {
    return {
      outcome: { status: 'fresh', changed: false, digest: before.destination, sourceDigest: before.source },
    };
  }
  const command = [...workshop.command, ...argumentsFor(item, recipe, mark)];
  const line = recipe.optimize ? asRoot(command, workshop.rootWay, process.env) : command;
  const result = JSON.parse(await runChild(line, (text) => workshop.onLine(item, text), signal)) as ConvertResult;
  const { digest } = result.target;
  return {
    result,
    outcome: {
      status: 'converted',
      changed: digest !== before.destination,
      digest,
      sourceDigest: result.source.digest,
      uploadedBytes: result.uploadedBytes,
      skippedBytes: result.skippedBytes,
    },
  };
}
