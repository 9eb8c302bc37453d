// What a conversion writes: a line for each layer and one for the image, or one JSON document.
import type { Transfer } from '../image/tags-target.ts';
import type { ProfiledImage } from '../optimize/collect-profile.ts';
import type { ConvertedLayer, ConvertProgress, ConvertResult } from '../optimize/convert-model.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';
import { LiveLine, type Terminal } from './live-line.ts';

type Working = Extract<ConvertProgress, { kind: 'working' }>;

export interface ConvertReporterOptions {
  readonly json: boolean;
  /** Where lines go: standard output, unless the image goes there. */
  readonly linesTo: { write(text: string): unknown };
  /** How a layer came into the target, for targets that know. */
  readonly transferOf?: (layer: ConvertedLayer) => Transfer | undefined;
  /** Where the changing line and warnings go; stderr unless told. */
  readonly terminal?: Terminal;
  readonly env?: NodeJS.ProcessEnv;
}

export class ConvertReporter {
  readonly #options: ConvertReporterOptions;
  readonly #terminal: Terminal;
  readonly #line: LiveLine;
  readonly #working = new Map<string, Working>();
  #count = 0;
  #done = 0;

  constructor(options: ConvertReporterOptions) {
    this.#options = options;
    this.#terminal = options.terminal ?? process.stderr;
    this.#line = new LiveLine({ ...options, quiet: options.json });
  }

  progress(progress: ConvertProgress): void {
    switch (progress.kind) {
      case 'planned':
        this.#count = progress.layers.length;
        break;
      case 'working':
        this.#working.set(progress.layer.digest, progress);
        this.#line.draw(() => workingText([...this.#working.values()], this.#done, this.#count));
        break;
      case 'done':
        this.#layerDone(progress.layer);
        break;
      default:
        this.#warn(`${progress.platform} stays in the order that it has: ${progress.reason}`);
    }
  }

  /** Patterns of a prefetch list that match no file of an image. */
  unmatched({ image }: ProfiledImage, patterns: readonly string[]): void {
    for (const pattern of patterns) this.#warn(`no file of ${image.platform} matches ${pattern}`);
  }

  /** Writes the last line, or the JSON document. */
  finish(result: ConvertResult): void {
    this.stop();
    const { json, linesTo } = this.#options;
    for (const { platform, missed } of result.manifests) {
      if (missed.length > 0) this.#warn(missedText(platform, missed));
    }
    linesTo.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : `${resultLine(result)}\n`);
  }

  /** Takes the changing line away. */
  stop(): void {
    this.#line.clear();
  }

  #layerDone(layer: ConvertedLayer): void {
    this.#working.delete(layer.source.digest);
    this.#done++;
    const { reason } = layer;
    if (reason !== undefined) this.#warn(`${shortDigest(layer.source.digest)} stays ordinary: ${reason}`);
    if (this.#options.json) return;
    this.stop();
    // The same layer may be written in two orders, for two images.
    this.#count = Math.max(this.#count, this.#done);
    const transfer = this.#options.transferOf?.(layer);
    this.#options.linesTo.write(`${layerLine(this.#done, this.#count, layer, transfer)}\n`);
  }

  /** Tells something beside the layers. */
  note(text: string): void {
    this.stop();
    this.#terminal.write(`${printable(text)}\n`);
  }

  #warn(text: string): void {
    this.stop();
    this.#terminal.write(`warning: ${printable(text)}\n`);
  }
}

/** `2/4 sha256:0123456789ab  converted   45.2 MB ->  46.0 MB  3.12 s  front 120 files, 5.2 MB`. */
export function layerLine(number: number, count: number, layer: ConvertedLayer, transfer?: Transfer): string {
  const { source, state, size, front } = layer;
  const sizes = `${formatBytes(source.size).padStart(9)} -> ${formatBytes(size).padStart(9)}`;
  const ordered =
    front === undefined || front.files === 0
      ? ''
      : `  in front ${plural(front.files, 'file')}, ${formatBytes(front.bytes)}`;
  const how = transfer === undefined ? '' : `${transfer.padEnd(8)} `;
  return `${number}/${count} ${shortDigest(source.digest)}  ${state.padEnd(9)} ${how}${sizes}  ${formatSeconds(layer.durationMs / 1000)}${ordered}`;
}

/** One line that says what came of it, with the digest to go on with. */
export function resultLine({ target, manifests, uploadedBytes, skippedBytes, durationMs }: ConvertResult): string {
  const layers = new Map(
    manifests.flatMap((manifest) => manifest.layers).map((layer) => [layer.digest, layer] as const),
  );
  const count = (state: string): number => [...layers.values()].filter((layer) => layer.state === state).length;
  const states = ['converted', 'reused', 'copied', 'kept'].filter((state) => count(state) > 0);
  const parts = states.length === 0 ? '' : ` (${states.map((state) => `${count(state)} ${state}`).join(', ')})`;
  const there = skippedBytes === 0 ? '' : `, ${formatBytes(skippedBytes)} were there`;
  return `${printable(target.name)}: ${target.digest}, ${plural(layers.size, 'layer')}${parts}, ${formatBytes(uploadedBytes)} written${there}, ${formatSeconds(durationMs / 1000)}`;
}

function workingText(working: readonly Working[], done: number, count: number): string {
  const steps = (['reading', 'writing', 'uploading'] as const).flatMap((step) => {
    const bytes = working.filter((one) => one.step === step).reduce((sum, one) => sum + one.bytes, 0);
    return bytes === 0 ? [] : [`${step} ${formatBytes(bytes)}`];
  });
  return `${done} of ${plural(count, 'layer')} done; ${steps.join(', ')}`;
}

function missedText(platform: string | undefined, missed: readonly string[]): string {
  const examples = missed.slice(0, 3).join(', ');
  return `${platform ?? 'the image'} has not ${plural(missed.length, 'file')} of the profile: ${examples}${missed.length > 3 ? ', ...' : ''}`;
}
