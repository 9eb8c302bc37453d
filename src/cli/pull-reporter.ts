// What a pull writes: lines for people (with a line that changes while it runs, on a terminal), or one JSON document.
import type { PulledLayer } from '../containerd/layer-puller.ts';
import type { PullProgress, PullResult } from '../containerd/pull.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';
import type { ExplainedLayer } from './layer-reasons.ts';
import { LiveLine, type Terminal } from './live-line.ts';

export interface PullReporterOptions {
  readonly name: string;
  readonly json: boolean;
  /** Adds what the daemon knows of pulled layers. */
  readonly explain: (layers: readonly PulledLayer[]) => Promise<ExplainedLayer[]>;
  /** Where progress goes; stderr unless told. */
  readonly terminal?: Terminal;
  readonly env?: NodeJS.ProcessEnv;
  readonly write?: (text: string) => void;
}

export class PullReporter {
  readonly #options: PullReporterOptions;
  readonly #line: LiveLine;
  readonly #write: (text: string) => void;
  readonly #downloading = new Map<number, number>();
  #layers: readonly Descriptor[] = [];
  /** Lines are written in the order of the layers, although the daemon is asked in between. */
  #lines: Promise<void> = Promise.resolve();

  constructor(options: PullReporterOptions) {
    this.#options = options;
    this.#line = new LiveLine({ ...options, quiet: options.json });
    this.#write = options.write ?? ((text) => void process.stdout.write(text));
  }

  progress(progress: PullProgress): void {
    if (progress.kind === 'resolved') this.#layers = progress.layers;
    else if (progress.kind === 'downloading') {
      this.#downloading.set(progress.index, progress.bytes);
      this.#draw();
    } else this.#layerDone(progress.index, progress.layer);
  }

  /** Writes the summary line, or the JSON document. */
  async finish(result: PullResult, platform: string): Promise<void> {
    await this.#lines;
    this.stop();
    const layers = await this.#options.explain(result.layers);
    if (this.#options.json) this.#write(`${JSON.stringify({ ...result, platform, layers }, undefined, 2)}\n`);
    else this.#write(`${summaryLine(result, layers)}\n`);
  }

  /** Takes the changing line away. */
  stop(): void {
    this.#line.clear();
  }

  #layerDone(index: number, layer: PulledLayer): void {
    this.#downloading.delete(index);
    if (this.#options.json) return;
    this.#lines = this.#lines.then(async () => {
      const [explained] = await this.#options.explain([layer]);
      this.stop();
      this.#write(`${layerLine(index, this.#layers.length, explained ?? layer)}\n`);
    });
  }

  #draw(): void {
    this.#line.draw(() => {
      const bytes = [...this.#downloading.values()].reduce((sum, one) => sum + one, 0);
      const size = [...this.#downloading.keys()].reduce((sum, index) => sum + (this.#layers[index]?.size ?? 0), 0);
      return `downloading ${plural(this.#downloading.size, 'layer')}: ${formatBytes(bytes)} of ${formatBytes(size)}`;
    });
  }
}

/** `2/4 sha256:0123456789ab  lazy      45.2 MB  0.12 s`, with why not where a layer is ordinary. */
export function layerLine(index: number, count: number, layer: ExplainedLayer): string {
  const reason = layer.reason === undefined ? '' : `  not lazy: ${printable(layer.reason)}`;
  const size = formatBytes(layer.size).padStart(9);
  return `${index + 1}/${count} ${shortDigest(layer.digest)}  ${layer.state.padEnd(8)} ${size}  ${formatSeconds(layer.durationMs / 1000)}${reason}`;
}

/** One line that says what the pull was worth. */
export function summaryLine(result: PullResult, layers: readonly ExplainedLayer[]): string {
  const count = (state: string): number => layers.filter((layer) => layer.state === state).length;
  const states = ['lazy', 'existing', 'ordinary']
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  const size = layers.reduce((sum, layer) => sum + layer.size, 0);
  const fetched = result.downloadedBytes + layers.reduce((sum, layer) => sum + (layer.fetchedBytes ?? 0), 0);
  const parts = states.length === 0 ? '' : ` (${states.join(', ')})`;
  return `${result.name}: ${plural(layers.length, 'layer')}${parts}, ${formatBytes(fetched)} of ${formatBytes(size)} downloaded, ${formatSeconds(result.durationMs / 1000)}`;
}
