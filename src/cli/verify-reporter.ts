// What `lazypull verify` writes for people: a line for each layer with what is wrong with it, and one for the image. On a
// terminal, a line that changes shows how far it is.
import type { VerifyProgress } from '../optimize/verify.ts';
import type { Finding, Verification, VerifiedImage, VerifiedLayer } from '../optimize/verify-model.ts';
import { formatBytes, formatSeconds, plural, printable, shortDigest } from './format.ts';
import type { TextStyle } from './text-style.ts';

const REDRAW_MS = 100;
/** Of one layer; all are in the JSON. */
const MAX_SHOWN = 20;

export interface VerifyReporterOptions {
  readonly style: TextStyle;
  /** Where progress goes; stderr unless told. */
  readonly terminal?: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly env?: NodeJS.ProcessEnv;
}

/** The changing line. */
export class VerifyReporter {
  readonly #terminal: NonNullable<VerifyReporterOptions['terminal']>;
  readonly #isLive: boolean;
  readonly #bytes = new Map<string, number>();
  #total = 0;
  #layers = 0;
  #done = 0;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #isDrawn = false;
  readonly #beginMs = performance.now();

  constructor({ terminal = process.stderr, env = process.env }: Omit<VerifyReporterOptions, 'style'> = {}) {
    this.#terminal = terminal;
    this.#isLive = terminal.isTTY === true && !env['CI'] && !env['NO_COLOR'];
  }

  progress(progress: VerifyProgress): void {
    if (progress.kind === 'planned') {
      this.#total = progress.bytes;
      this.#layers = progress.layers;
    } else if (progress.kind === 'done') this.#done++;
    else this.#bytes.set(progress.layer.digest, progress.bytes);
    this.#draw();
  }

  /** Takes the line away. */
  stop(): void {
    if (this.#isDrawn) this.#terminal.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  #draw(): void {
    const now = performance.now();
    if (!this.#isLive || now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    this.#isDrawn = true;
    const bytes = [...this.#bytes.values()].reduce((sum, one) => sum + one, 0);
    const rate = `${formatBytes((1000 * bytes) / Math.max(1, now - this.#beginMs))}/s`;
    const text = `verifying: ${Math.min(this.#done, this.#layers)} of ${plural(this.#layers, 'layer')}, ${formatBytes(bytes)} of ${formatBytes(this.#total)}, ${rate}`;
    this.#terminal.write(`\r\u001b[K${text}`);
  }
}

/** What was found, for people. */
export function verificationText(verification: Verification, style: TextStyle): string {
  const { name, images, bytes, durationMs, ok } = verification;
  const lines = images.flatMap((image) => imageLines(image, images.length > 1, style));
  const found = images.reduce((sum, image) => sum + countFindings(image), 0);
  const verdict = ok ? style.green('ok') : style.red(plural(found, 'finding'));
  const plain = images.flatMap(({ layers }) => layers).reduce((sum, layer) => sum + (layer.uncompressedSize ?? 0), 0);
  const rate = durationMs === 0 ? 0 : (1000 * plain) / durationMs;
  const pace = `${formatBytes(bytes)}, ${formatBytes(plain)} decompressed, in ${formatSeconds(durationMs / 1000)} (${formatBytes(Math.round(rate))}/s)`;
  return `${[...lines, `${printable(name)}: ${verdict}: ${pace}`].join('\n')}\n`;
}

function countFindings({ findings, layers }: VerifiedImage): number {
  return findings.length + layers.reduce((sum, layer) => sum + layer.findings.length + layer.moreFindings, 0);
}

function imageLines(image: VerifiedImage, isOneOfMany: boolean, style: TextStyle): string[] {
  const head = isOneOfMany
    ? [style.bold(`${printable(image.platform ?? 'no platform')}  ${shortDigest(image.manifest)}`)]
    : [];
  return [
    ...head,
    ...image.findings.map((finding) => style.red(`image: ${findingText(finding)}`)),
    ...image.layers.flatMap((layer) => layerLines(layer, style)),
  ];
}

function layerLines(layer: VerifiedLayer, style: TextStyle): string[] {
  const { number, digest, ok, format, counts, findings, moreFindings, size } = layer;
  const what = [
    formatBytes(size),
    format,
    ...(counts.entries > 0 ? [plural(counts.entries, 'entry').replace('entrys', 'entries')] : []),
    ...(counts.chunks > 0 ? [plural(counts.chunks, 'chunk')] : []),
  ];
  const verdict = ok ? style.green('ok') : style.red('WRONG');
  const shown = findings.slice(0, MAX_SHOWN);
  const rest = findings.length - shown.length + moreFindings;
  return [
    `layer ${number} ${shortDigest(digest)}  ${verdict}  ${what.join(', ')}`,
    ...shown.map((finding) => style.red(`layer ${number} (${digest}): ${findingText(finding)}`)),
    ...(rest === 0 ? [] : [`layer ${number}: ${plural(rest, 'more finding')}; --json has more of them`]),
  ];
}

function findingText({ message }: Finding): string {
  return printable(message);
}
