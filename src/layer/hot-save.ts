// Saves what a job used: every layer is looked at, then it is decided what fits, then each pack is written under a
// temporary name and renamed. A layer that can't be saved is named with its reason, and keeps no other from it.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { temporaryPackPath } from './hot-folder.ts';
import type { HotChoice } from './hot-history.ts';
import { packName } from './hot-pack.ts';
import type { PackHeader } from './hot-pack.ts';
import { planPacks } from './hot-plan.ts';
import type { HotWorkers } from './hot-workers.ts';
import type { Survey } from './hot-write.ts';
import type { LayerStore } from './layer-store.ts';

export interface SaveOptions {
  /** Bytes that all packs together may take. */
  readonly limitBytes: number;
  /** Leaves out layers of which no registry is known to give them to somebody without credentials. */
  readonly skipPrivate: boolean;
}

/** What was saved. `bytes` are those of the files. */
export interface SavedPacks {
  readonly layers: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly skipped: readonly { readonly digest: Digest; readonly reason: string }[];
}

interface SaveRequest extends SaveOptions {
  readonly folder: string;
  /** Gets the layers whose packs are in the folder. */
  readonly written: Digest[];
}

interface Candidate {
  readonly choice: HotChoice;
  readonly survey: Survey;
}

/** @throws the folder's error is a reason for each layer; only a closed store throws. */
export async function savePacks(store: LayerStore, workers: HotWorkers, request: SaveRequest): Promise<SavedPacks> {
  const { limitBytes, written } = request;
  const skipped: { digest: Digest; reason: string }[] = [];
  const skip = (digest: Digest, reason: string): void => void skipped.push({ digest, reason });
  const candidates = await lookAt(store, workers, request, skip);
  const wishes = candidates.map(({ survey }) => survey);
  const counts = planPacks(wishes, limitBytes);
  const sum = { chunks: 0, bytes: 0 };
  await workers.forEach(candidates, async ({ choice, survey }, i) => {
    const { digest } = choice;
    const count = counts[i];
    if (count === undefined) return skip(digest, `no room for it: the limit is ${limitBytes} bytes`);
    try {
      const bytes = await writeOne(store, workers, { choice, survey, count, folder: request.folder });
      sum.bytes += bytes;
      sum.chunks += count;
      written.push(digest);
    } catch (error) {
      skip(digest, describeError(error));
    }
  });
  return { layers: written.length, ...sum, skipped };
}

/** Layers that can be saved, in the order of their use. */
async function lookAt(
  store: LayerStore,
  workers: HotWorkers,
  { skipPrivate }: SaveRequest,
  skip: (digest: Digest, reason: string) => void,
): Promise<Candidate[]> {
  const choices = store.hot.choices(store.uses());
  const found: (Candidate | undefined)[] = choices.map(() => undefined);
  await workers.forEach(choices, async (choice, i) => {
    const { digest, chunks } = choice;
    try {
      const task = { dir: store.folderOf(digest), digest, bootId: store.bootId, wanted: chunks };
      const survey = await workers.run('survey', task);
      if ('reason' in survey) skip(digest, survey.reason);
      else if (skipPrivate && !choice.isAnonymous && !survey.isAnonymous) skip(digest, PRIVATE);
      else found[i] = { choice, survey };
    } catch (error) {
      skip(digest, describeError(error));
    }
  });
  return found.filter((candidate) => candidate !== undefined);
}

const PRIVATE = 'no registry is known to give it to somebody without credentials';

async function writeOne(
  store: LayerStore,
  workers: HotWorkers,
  { choice, survey, count, folder }: Candidate & { readonly count: number; readonly folder: string },
): Promise<number> {
  const { digest, readsKnown } = choice;
  const { tocDigest, tocChecksum, tocFileBytes } = survey;
  const header: PackHeader = {
    digest,
    tocDigest,
    tocChecksum,
    readsKnown,
    isAnonymous: choice.isAnonymous || survey.isAnonymous,
    tocFileBytes,
    chunks: survey.chunks.slice(0, count),
    sizes: survey.sizes.slice(0, count),
  };
  const path = temporaryPackPath(folder, digest);
  const imageOffsets = survey.imageOffsets.slice(0, count);
  const bytes = await workers.run('write', { dir: store.folderOf(digest), path, header, imageOffsets });
  await rename(path, join(folder, packName(digest)));
  return bytes;
}
