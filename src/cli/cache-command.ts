// `lazypull cache save|load`: lets the daemon save what was read, or load what an earlier job saved.
import { resolve } from 'node:path';
import type { LoadedPacks } from '../layer/hot-packs.ts';
import type { SavedPacks } from '../layer/hot-save.ts';
import { ControlClient } from './control-client.ts';
import { type Flags, sizeFlag } from './flag-values.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';

/** @throws UserError for a wrong size, DaemonError when the daemon could not, NoDaemonError when there is none. */
export async function runCacheSave(directory: string, flags: Flags): Promise<void> {
  const limitBytes = sizeFlag(flags, 'limit') ?? 0;
  const request = { directory: resolve(directory), limitBytes, skipPrivate: flags['skipPrivate'] === true };
  const saved = await ControlClient.fromFlags(flags).hotSave(request);
  write(flags, saved, savedText(saved, request.directory));
}

/** @throws DaemonError when the daemon could not, NoDaemonError when there is none. */
export async function runCacheLoad(directory: string, flags: Flags): Promise<void> {
  const loaded = await ControlClient.fromFlags(flags).hotLoad({ directory: resolve(directory) });
  write(flags, loaded, loadedText(loaded));
}

function write(flags: Flags, document: object, text: string): void {
  process.stdout.write(flags['json'] === true ? `${JSON.stringify(document, undefined, 2)}\n` : text);
}

/** What was saved, as lines. */
export function savedText({ layers, chunks, bytes, skipped }: SavedPacks, directory: string): string {
  const figures = `${plural(layers, 'layer')}, ${plural(chunks, 'chunk')}, ${formatBytes(bytes)}`;
  const lines = skipped.map(({ digest, reason }) => `  ${shortDigest(digest)}  not saved: ${printable(reason)}`);
  return `${[`saved ${figures} to ${printable(directory)}`, ...lines].join('\n')}\n`;
}

/** What was loaded, as lines. */
export function loadedText({ layers, chunks, bytes, ms, damagedChunks, refused }: LoadedPacks): string {
  const figures = `${plural(layers, 'layer')}, ${plural(chunks, 'chunk')}, ${formatBytes(bytes)}`;
  const damaged = damagedChunks === 0 ? '' : `, ${plural(damagedChunks, 'chunk')} damaged and left out`;
  const lines = refused.map(({ file, reason }) => `  ${printable(file)}  not used: ${printable(reason)}`);
  return `${[`loaded ${figures} in ${formatSeconds(ms / 1000)}${damaged}`, ...lines].join('\n')}\n`;
}
