// Gives names to what a recording saw: the recorder knows files by their place in a layer's tar.
import type { LayerEntry, LayerTar } from '../build/model.ts';
import { LazypullError } from '../errors.ts';
import { canonicalProfile } from './profile-codec.ts';
import type { Profile, ProfileFile } from './profile.ts';
import { unionRanges } from './ranges.ts';
import type { RecordOutcome } from './record-job.ts';

/** What was recorded. */
export interface RecordingSubject {
  readonly image: Profile['image'];
  /** From the bottom up. */
  readonly layers: readonly Pick<LayerTar, 'diffId' | 'entries'>[];
  readonly command: readonly string[];
}

/** The profile of one recording. A file with several names has the one that is not a hard link. */
export function profileOfRecording(outcome: RecordOutcome, { image, layers, command }: RecordingSubject): Profile {
  const places = layers.map(({ entries }) => placesOf(entries));
  const files = new Map<string, ProfileFile>();
  for (const { layer, tarOffset, ranges, firstReadMs } of outcome.files) {
    const entry = places[layer]?.get(tarOffset);
    const digest = layers[layer]?.diffId;
    if (entry === undefined || digest === undefined) {
      throw new LazypullError('FAILED_PRECONDITION', `layer ${layer} has no file at ${tarOffset} of its tar`);
    }
    // An image may have the same layer twice.
    const key = `${digest} ${entry.path}`;
    const known = files.get(key);
    files.set(key, {
      path: entry.path,
      layer: digest,
      size: entry.header.size,
      ranges: unionRanges([...(known?.ranges ?? []), ...ranges]),
      firstReadMs: known?.firstReadMs ?? firstReadMs,
    });
  }
  return canonicalProfile({
    version: 1,
    image,
    layers: layers.map(({ diffId }) => diffId),
    workloads: [{ command, durationMs: outcome.durationMs }],
    files: [...files.values()],
  });
}

function placesOf(entries: readonly LayerEntry[]): Map<number, LayerEntry> {
  return new Map(entries.filter(({ type }) => type === 'reg').map((entry) => [entry.dataStart, entry] as const));
}
