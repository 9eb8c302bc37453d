// Prometheus metrics, made from the status at every scrape, with two histograms that the daemon feeds. Label values come
// from closed sets or from the configuration, never from images, so the number of series is bounded. See docs/metrics.md.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DaemonStatus, LayerState, Totals } from './status.ts';

export interface Metrics {
  /** Seconds from the snapshotter's request to a mounted layer, or to the decision that it is not lazy. */
  layerMounted(seconds: number, outcome: 'lazy' | 'ordinary'): void;
  /** Seconds that a read waited for the registry. */
  faultServed(seconds: number, outcome: 'ok' | 'error'): void;
  render(): Promise<{ contentType: string; text: string }>;
}

/** Labels and value of one sample. */
type Sample = readonly [labels: Record<string, string>, value: number];

interface Described {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly samples: (status: DaemonStatus) => readonly Sample[];
}

const STATES: readonly LayerState[] = ['lazy', 'complete', 'ordinary'];

/** Rise only, within one serving process. */
const COUNTERS: readonly Described[] = [
  total('registry_requests_total', 'Requests to registries and their CDNs.', (totals) => totals.registryRequests),
  total('registry_retries_total', 'Requests that were tried again.', (totals) => totals.registryRetries),
  total('registry_fetched_bytes_total', 'Compressed bytes that came from registries.', (totals) => totals.fetchedBytes),
  total('reads_total', 'Reads that the kernel sent.', (totals) => totals.reads),
  total('read_bytes_total', 'Bytes that answered reads.', (totals) => totals.readBytes),
  total('faults_total', 'Reads that had to wait for the registry.', (totals) => totals.faults),
  total('read_errors_total', 'Reads that were answered with EIO.', (totals) => totals.readErrors),
  total(
    'verification_errors_total',
    'Chunks whose bytes were not what their digest promised.',
    (totals) => totals.verificationErrors,
  ),
  total('lazy_mounts_total', 'Layers that were mounted lazily.', (totals) => totals.lazyMounts),
  {
    name: 'fallbacks_total',
    help: 'Layers that were not mounted lazily, by the kind of reason.',
    labels: ['kind'],
    samples: ({ totals }) => Object.entries(totals.fallbacks).map(([kind, count]) => [{ kind }, count]),
  },
];

const GAUGES: readonly Described[] = [
  {
    name: 'info',
    help: 'Always 1.',
    labels: ['version', 'tier', 'transport'],
    samples: ({ version, tier, transport }) => [[{ version, tier, transport }, 1]],
  },
  gauge(
    'start_time_seconds',
    'When the serving process started, in seconds since the epoch.',
    (status) => status.startedSec,
  ),
  gauge('generation', 'Serving processes before this one over the same FUSE mount.', (status) => status.generation),
  gauge('resident_memory_bytes', 'Resident memory of the serving process.', (status) => status.residentBytes),
  gauge('cache_bytes', 'Disk space of the layer cache.', (status) => status.cache.bytes),
  gauge('cache_layers', 'Layers in the cache, mounted or not.', (status) => status.cache.layers),
  gauge('cache_limit_bytes', 'The limit of the layer cache; 0 means none.', (status) => status.cache.sizeLimitBytes),
  gauge('images', 'Images with layers that the daemon knows.', (status) => status.images.length),
  { name: 'layers', help: 'Distinct layers of these images, by state.', labels: ['state'], samples: layerCounts },
  {
    name: 'snapshots',
    help: 'Snapshots of each consumer.',
    labels: ['consumer'],
    samples: ({ consumers }) => consumers.map(({ name, snapshots }) => [{ consumer: name }, snapshots]),
  },
];

const MOUNT_BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const FAULT_BUCKETS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/** Metrics in a registry of their own. `status` is asked at every scrape. */
export function createMetrics(status: () => DaemonStatus | Promise<DaemonStatus>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const sums = COUNTERS.map((described) => [described, new Counter({ ...headOf(described), registers })] as const);
  const levels = GAUGES.map((described) => [described, new Gauge({ ...headOf(described), registers })] as const);
  const mounts = histogram(
    'layer_mount_seconds',
    'From the request to the mounted layer, or to the decision that it is not lazy.',
    MOUNT_BUCKETS,
    registers,
  );
  const faults = histogram('fault_seconds', 'How long reads waited for the registry.', FAULT_BUCKETS, registers);
  return {
    layerMounted: (seconds, outcome) => mounts.observe({ outcome }, seconds),
    faultServed: (seconds, outcome) => faults.observe({ outcome }, seconds),
    async render() {
      const now = await status();
      for (const [described, counter] of sums) {
        counter.reset();
        for (const [labels, value] of described.samples(now)) counter.inc(labels, value);
      }
      for (const [described, level] of levels) {
        level.reset();
        for (const [labels, value] of described.samples(now)) level.set(labels, value);
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function layerCounts(status: DaemonStatus): Sample[] {
  const layers = new Map(status.images.flatMap((image) => image.layers).map((layer) => [layer.digest, layer.state]));
  return STATES.map((state) => [{ state }, [...layers.values()].filter((one) => one === state).length]);
}

function total(name: string, help: string, value: (totals: Totals) => number): Described {
  return { name, help, samples: ({ totals }) => [[{}, value(totals)]] };
}

function gauge(name: string, help: string, value: (status: DaemonStatus) => number): Described {
  return { name, help, samples: (status) => [[{}, value(status)]] };
}

function headOf({ name, help, labels }: Described): { name: string; help: string; labelNames: string[] } {
  return { name: `lazypull_${name}`, help, labelNames: [...(labels ?? [])] };
}

function histogram(name: string, help: string, buckets: number[], registers: Registry[]): Histogram {
  return new Histogram({ name: `lazypull_${name}`, help, labelNames: ['outcome'], buckets, registers });
}
