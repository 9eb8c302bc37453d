// `lazypull status`: the daemon's status for a person, or as it is for a program.
import type { DaemonStatus, ImageStatus, LayerStatus } from '../daemon/status.ts';
import { ControlClient } from './control-client.ts';
import { drainSummary } from './drain-text.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';

/** @throws NoDaemonError when nobody answers. */
export async function runStatus(flags: Readonly<Record<string, string | boolean>>): Promise<void> {
  const status = await ControlClient.fromFlags(flags).status();
  process.stdout.write(
    flags['json'] === true ? `${JSON.stringify(status, undefined, 2)}\n` : statusText(status, Date.now() / 1000),
  );
}

/** The whole status as lines; `nowSec` is the present, in seconds since the epoch. */
export function statusText(status: DaemonStatus, nowSec: number): string {
  const { totals, cache } = status;
  const limit = cache.sizeLimitBytes === 0 ? 'no limit' : `limit ${formatBytes(cache.sizeLimitBytes)}`;
  const restarts = status.generation === 0 ? '' : `, restarted ${plural(status.generation, 'time')}`;
  const lines = [
    `lazypull ${status.version}, pid ${status.pid}, up ${formatSeconds(Math.max(0, nowSec - status.startedSec))}${restarts}, ${formatBytes(status.residentBytes)} resident`,
    `mounts: tier ${status.tier} (${printable(status.tierReason)}), transport ${status.transport}`,
    `cache: ${formatBytes(cache.bytes)} in ${plural(cache.layers, 'layer')}, ${limit}`,
    `registry: ${plural(totals.registryRequests, 'request')}, ${formatBytes(totals.fetchedBytes)}, ${plural(totals.registryRetries, 'retry').replace('retrys', 'retries')}`,
    `reads: ${totals.reads}, of which ${totals.faults} had to wait; ${plural(totals.readErrors, 'error')}, ${plural(totals.verificationErrors, 'verification error')}`,
    ...status.consumers.map(
      ({ name, socket, snapshots }) => `consumer ${name}: ${socket}, ${plural(snapshots, 'snapshot')}`,
    ),
    ...credentialLines(status),
    ...drainLines(status),
    ...status.images.flatMap(imageLines),
    ...fallbackLines(status, nowSec),
  ];
  return `${lines.join('\n')}\n`;
}

function imageLines({ ref, consumer, layers }: ImageStatus): string[] {
  return [
    '',
    `${printable(ref)}${consumer === undefined ? '' : ` (${consumer})`}`,
    ...layers.map((layer) => `  ${layerLine(layer)}`),
  ];
}

function layerLine(layer: LayerStatus): string {
  const head = `${shortDigest(layer.digest)}  ${layer.state.padEnd(8)}`;
  if (layer.state === 'ordinary') return `${head}  ${printable(layer.reason ?? 'no reason known')}`;
  const share = layer.imageBytes === 0 ? 100 : Math.floor((layer.presentBytes / layer.imageBytes) * 100);
  const size = layer.size === undefined ? '' : ` of ${formatBytes(layer.size)}`;
  const prefetch = layer.prefetch === undefined ? '' : `, prefetch ${layer.prefetch.state}`;
  return `${head}  ${String(share).padStart(3)} % local, ${formatBytes(layer.fetchedBytes)}${size} fetched, ${plural(layer.faults, 'fault')}${prefetch}`;
}

function credentialLines({ credentials = [] }: DaemonStatus): string[] {
  return credentials.map(({ kind, count, ok, detail }) => {
    const known = kind === 'cri' ? `of pulls of ${plural(count, 'image')}` : plural(count, 'image pull secret');
    return `credentials ${kind}: ${known}${ok ? '' : `; may be out of date: ${printable(detail)}`}`;
  });
}

function drainLines({ drain }: DaemonStatus): string[] {
  if (drain === undefined) return [];
  const end = drain.retire ? ', and ends when the last snapshot is removed' : '';
  return [`draining: nothing new is mounted lazily${end}; ${drainSummary(drain)}`];
}

function fallbackLines({ fallbacks }: DaemonStatus, nowSec: number): string[] {
  if (fallbacks.length === 0) return [];
  const lines = fallbacks.map(
    ({ timeSec, ref, layer, kind, reason }) =>
      `  ${formatSeconds(Math.max(0, nowSec - timeSec))} ago  ${printable(ref)} ${shortDigest(printable(layer))}  ${kind}: ${printable(reason)}`,
  );
  return ['', 'not lazy:', ...lines];
}
