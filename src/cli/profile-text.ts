// Profiles and their differences for people.
import type { ProfileDiff } from '../optimize/profile-diff.ts';
import { summarizeProfile, type ReadShare } from '../optimize/profile-summary.ts';
import type { Profile, ProfileFile } from '../optimize/profile.ts';
import { rangesSize } from '../optimize/ranges.ts';
import { type BarStyle, rangeBar, shareBar } from './bars.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';

const BAR_WIDTH = 24;

export interface ProfileTextOptions {
  /** Files that are listed; undefined: all. */
  readonly most: number | undefined;
  /** By first use, or what was read most of. */
  readonly sort: 'time' | 'bytes';
  readonly style: BarStyle;
}

/** A profile: what was run, what was read of each layer, and the files with a picture of their parts. */
export function profileText(name: string, profile: Profile, options: ProfileTextOptions): string {
  const summary = summarizeProfile(profile);
  const { image, workloads, files } = profile;
  // Of lists, records and images nobody knows what was read.
  const verb = workloads.length === 0 ? 'named' : 'read';
  const lines = [
    `${printable(name)}: ${plural(summary.files, 'file')}, ${formatBytes(summary.readBytes)} ${verb}${ofTheirs(summary)}`,
    ...(image === undefined
      ? []
      : [`image     ${printable(image.name)}, ${printable(image.platform)}, ${shortDigest(image.digest)}`]),
    ...workloads.map(
      ({ command, durationMs }) => `workload  ${printable(command.join(' '))}  (${formatSeconds(durationMs / 1000)})`,
    ),
    '',
    `layer                  ${'files'.padStart(6)} ${'read'.padStart(9)}  share of what is read`,
    ...summary.layers.map(({ digest, ...share }, index) => {
      const part = summary.readBytes === 0 ? 0 : share.readBytes / summary.readBytes;
      const figures = `${String(share.files).padStart(6)} ${formatBytes(share.readBytes).padStart(9)}`;
      const bar = shareBar(part, BAR_WIDTH, options.style);
      return `${String(index + 1).padStart(2)} ${shortDigest(digest)} ${figures}  ${bar} ${percent(part)}`;
    }),
    ...filesText(files, options),
  ];
  return `${lines.join('\n')}\n`;
}

function ofTheirs({ readBytes, fileBytes }: ReadShare): string {
  return fileBytes === 0 ? '' : ` of their ${formatBytes(fileBytes)} (${percent(readBytes / fileBytes).trim()})`;
}

function filesText(files: readonly ProfileFile[], { most, sort, style }: ProfileTextOptions): string[] {
  if (files.length === 0) return [];
  const sorted =
    sort === 'time' ? files : files.toSorted((a, b) => rangesSize(b.ranges) - rangesSize(a.ranges) || byPath(a, b));
  const shown = sorted.slice(0, most ?? sorted.length);
  const rest = sorted.slice(shown.length);
  return [
    '',
    `${'first read'.padStart(10)} ${'read'.padStart(9)} ${'of'.padStart(9)}  ${'parts'.padEnd(BAR_WIDTH)}  file`,
    ...shown.map(({ path, size, ranges, firstReadMs }) => {
      const figures = `${time(firstReadMs).padStart(10)} ${formatBytes(rangesSize(ranges)).padStart(9)}`;
      const bar = rangeBar(ranges, size, BAR_WIDTH, style);
      return `${figures} ${formatBytes(size).padStart(9)}  ${bar}  ${printable(path)}`;
    }),
    ...(rest.length === 0 ? [] : [`and ${plural(rest.length, 'more file')}; --all lists them`]),
  ];
}

/** The difference of two profiles. */
export function diffText({ added, removed, changed, same }: ProfileDiff): string {
  const bytesOf = (files: readonly ProfileFile[]): number =>
    files.reduce((sum, { ranges }) => sum + rangesSize(ranges), 0);
  const plain = (mark: string, files: readonly ProfileFile[]): string[] =>
    files.map(({ path, ranges }) => `${mark} ${formatBytes(rangesSize(ranges)).padStart(9)}  ${printable(path)}`);
  const lines = [
    ...plain('-', removed),
    ...plain('+', added),
    ...changed.map(({ path, before, after, addedBytes, removedBytes }) => {
      const size = before.size === after.size ? '' : `, size ${formatBytes(before.size)} to ${formatBytes(after.size)}`;
      const parts = `+${formatBytes(addedBytes)} -${formatBytes(removedBytes)}`;
      return `~ ${formatBytes(rangesSize(after.ranges)).padStart(9)}  ${printable(path)}  (${parts}${size})`;
    }),
    `${plural(added.length, 'file')} more (${formatBytes(bytesOf(added))}), ${removed.length} less (${formatBytes(bytesOf(removed))}), ${changed.length} read differently, ${same} the same`,
  ];
  return `${lines.join('\n')}\n`;
}

function time(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0).padStart(4)} %`;
}

function byPath(a: ProfileFile, b: ProfileFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
