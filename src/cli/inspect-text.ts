// What `lazypull inspect` writes for people: a line and a bar for each layer, and the details of one.
import type {
  InspectedImage,
  InspectedLayer,
  Inspection,
  LayerContents,
  Origin,
  OtherManifest,
} from '../optimize/inspect-model.ts';
import type { BarStyle } from './bars.ts';
import { formatBytes, plural, printable, shortDigest } from './format.ts';
import type { TextStyle } from './text-style.ts';

const BAR_WIDTH = 40;
const MIN_COMMAND = 20;

/** The whole image, or of its layers only number `layer`. */
export function inspectionText(inspection: Inspection, style: TextStyle, layer?: number): string {
  const { name, root, images, others } = inspection;
  const isIndex = images[0]?.manifest.digest !== root.digest;
  const lines = [`${style.bold(printable(name))}${isIndex ? `  index ${shortDigest(root.digest)}` : ''}`];
  for (const image of images) {
    lines.push(...imageHead(image, style));
    if (layer === undefined) lines.push(...layerTable(image, style), ...summary(image, style));
    else lines.push(...layerDetails(image.layers[layer - 1]!, style));
  }
  if (others.length > 0 && layer === undefined) lines.push('', `also there: ${others.map(otherText).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function otherText({ kind, platform, digest }: OtherManifest): string {
  return `${kind} ${platform === null || kind === 'attestation' ? shortDigest(digest) : printable(platform)}`;
}

function imageHead({ manifest, platform, created, convertedFrom, base }: InspectedImage, style: TextStyle): string[] {
  const when = created === null ? '' : `  created ${printable(created.slice(0, 10))}`;
  return [
    '',
    `${style.bold(printable(platform ?? 'no platform'))}  manifest ${shortDigest(manifest.digest)}${when}`,
    ...originText('converted from', convertedFrom),
    ...originText('built on', base),
  ];
}

function originText(how: string, origin: Origin | null): string[] {
  if (origin === null) return [];
  const parts = [
    ...(origin.name === null ? [] : [origin.name]),
    ...(origin.digest === null ? [] : [shortDigest(origin.digest)]),
  ];
  return [`${how} ${printable(parts.join(' '))}`];
}

function layerTable({ layers }: InspectedImage, style: TextStyle): string[] {
  const largest = Math.max(...layers.map(({ size }) => size), 1);
  const rows = layers.map((layer) => cells(layer));
  const head = ['', 'layer', 'size', 'format', 'lazy', 'files', 'chunks', 'TOC', 'prefetch', 'start'];
  const right = new Set([0, 2, 5, 6, 7, 8, 9]);
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (right.has(column) ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)))
      .join('  ');
  const room = style.width - widths.reduce((sum, width) => sum + width + 2, 0);
  const command = (layer: InspectedLayer): string =>
    room < MIN_COMMAND || layer.command === null ? '' : `  ${style.dim(clip(printable(layer.command), room))}`;
  return [
    '',
    style.dim(line(head).trimEnd()),
    ...layers.map((layer, index) => `${line(rows[index]!)}${command(layer)}`.trimEnd()),
    '',
    ...layers.map((layer) => `${String(layer.number).padStart(widths[0]!)}  ${layerBar(layer, largest, style)}`),
    legend(style.bars),
  ];
}

function cells(layer: InspectedLayer): string[] {
  const { contents } = layer;
  const isSilent = contents === null;
  return [
    String(layer.number),
    shortDigest(layer.digest),
    formatBytes(layer.size),
    layer.format,
    layer.lazypull.lazy ? 'yes' : 'no',
    isSilent ? '-' : String(contents.counts.files + contents.counts.emptyFiles),
    isSilent ? '-' : String(contents.chunks.count),
    isSilent ? '-' : formatBytes(contents.toc.compressedSize),
    isSilent
      ? '-'
      : contents.landmark === 'prefetch'
        ? formatBytes(contents.prefetchBytes)
        : (contents.landmark ?? 'none'),
    formatBytes(layer.startBytes),
  ];
}

/** As long as the layer is large: what is prefetched, what is left where it is, and footer with TOC at the end. */
export function layerBar(layer: InspectedLayer, largest: number, style: TextStyle): string {
  const { bars } = style;
  const length = Math.max(1, Math.round((layer.size / largest) * BAR_WIDTH));
  if (!layer.lazypull.lazy || layer.contents === null) return style.red(bars.full.repeat(length));
  const cell = layer.size / length;
  const { prefetchBytes, toc } = layer.contents;
  // What is not nothing shows.
  const end = Math.min(length, toc.offset === null ? 0 : Math.max(1, Math.round((layer.size - toc.offset) / cell)));
  const front = Math.min(length - end, prefetchBytes === 0 ? 0 : Math.max(1, Math.round(prefetchBytes / cell)));
  const rest = length - front - end;
  return `${style.green(bars.full.repeat(front))}${bars.empty.repeat(rest)}${style.yellow(bars.part.repeat(end))}`;
}

function legend({ empty, full, part }: BarStyle): string {
  return `   ${full} fetched at the start  ${empty} when it is read  ${part} table of contents; ordinary layers are fetched whole`;
}

function summary({ layers, totals, problems }: InspectedImage, style: TextStyle): string[] {
  const { size, lazyLayers, startBytes, duplicates } = totals;
  const share = size === 0 ? 0 : (100 * startBytes) / size;
  const lines = [
    '',
    `${plural(layers.length, 'layer')}, ${formatBytes(size)}; ${lazyLayers} lazy: a container starts after ${formatBytes(startBytes)} (${share.toFixed(1)} %)`,
  ];
  if (duplicates.files > 0) {
    const { withinLayers } = duplicates;
    lines.push(
      `${plural(duplicates.files, 'file')} of ${formatBytes(duplicates.bytes)} repeat others' content, ${formatBytes(withinLayers.bytes)} of it within a layer`,
    );
  }
  return [...lines, ...reasons(layers), ...problemLines(problems, layers, style)];
}

function reasons(layers: readonly InspectedLayer[]): string[] {
  return layers.flatMap(({ number, lazypull, stargzSnapshotter }) => {
    const own = lazypull.reason;
    const theirs = stargzSnapshotter.reason;
    if (own === null && theirs === null) return [];
    if (own === theirs) return [`layer ${number} is not lazy: ${printable(own!)}`];
    return [
      ...(own === null ? [] : [`layer ${number} is not lazy with lazypull: ${printable(own)}`]),
      ...(theirs === null ? [] : [`layer ${number} is not lazy with stargz-snapshotter: ${printable(theirs)}`]),
    ];
  });
}

function problemLines(problems: readonly string[], layers: readonly InspectedLayer[], style: TextStyle): string[] {
  const ofLayers = layers.flatMap(({ number, problems: own }) => own.map((problem) => `layer ${number}: ${problem}`));
  return [...problems, ...ofLayers].map((problem) => style.red(`problem: ${printable(problem)}`));
}

function layerDetails(layer: InspectedLayer, style: TextStyle): string[] {
  const { contents } = layer;
  const verdict = ({ lazy, reason }: InspectedLayer['lazypull']): string =>
    lazy ? 'yes' : `no: ${printable(reason ?? '')}`;
  return [
    '',
    `layer ${layer.number}            ${layer.digest}`,
    ...rows([
      ['media type', layer.mediaType],
      ['size', formatBytes(layer.size)],
      ['format', layer.format],
      ['diff id', layer.diffId ?? 'unknown'],
      ['command', layer.command ?? 'unknown'],
      ['lazypull', verdict(layer.lazypull)],
      ['stargz-snapshotter', verdict(layer.stargzSnapshotter)],
      ...Object.entries(layer.annotations).map(([key, value]): [string, string] => ['annotation', `${key}=${value}`]),
    ]),
    ...(contents === null ? [] : contentLines(contents, style)),
    ...problemLines([], [layer], style),
  ];
}

function contentLines(contents: LayerContents, style: TextStyle): string[] {
  const { toc, counts, chunks, members } = contents;
  const spread = ({ min, median, max }: typeof members | typeof chunks): string =>
    `${formatBytes(min)} to ${formatBytes(max)}, median ${formatBytes(median)}`;
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    ...rows([
      ['TOC', `${toc.digest}${toc.isExternal ? ', in an image of its own' : ''}`],
      [
        '',
        `${formatBytes(toc.compressedSize)} (${formatBytes(toc.size)} of JSON), ${(100 * toc.share).toFixed(2)} % of the blob`,
      ],
      ['landmark', contents.landmark ?? 'none'],
      ['prefetch', formatBytes(contents.prefetchBytes)],
      ['contents', counted.map(([what, count]) => `${count} ${words(what)}`).join(', ')],
      ['files', formatBytes(contents.fileBytes)],
      ['chunks', `${chunks.count}, ${spread(chunks)}${chunks.holes > 0 ? `, ${chunks.holes} of zeros` : ''}`],
      [
        'members',
        `${members.count}, ${spread(members)} compressed; ${members.chunksPerMember.mean.toFixed(1)} chunks each`,
      ],
    ]),
    ...histogram(contents, style),
    ...largestFiles(contents),
  ];
}

/** `emptyFiles` is `empty files`. */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function histogram({ chunks }: LayerContents, style: TextStyle): string[] {
  const most = Math.max(...chunks.histogram.map(({ count }) => count), 1);
  return [
    ...(chunks.count === 0 ? [] : ['', style.dim('chunks up to')]),
    ...chunks.histogram.map(({ upTo, count, bytes }) => {
      const bar = style.bars.full.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * BAR_WIDTH)));
      const size = upTo >= 2 ** 20 ? `${upTo / 2 ** 20} MiB` : `${upTo / 1024} KiB`;
      return `${size.padStart(12)}  ${String(count).padStart(7)} ${formatBytes(bytes).padStart(9)}  ${bar}`.trimEnd();
    }),
  ];
}

function largestFiles({ largest }: LayerContents): string[] {
  if (largest.length === 0) return [];
  return [
    '',
    'largest files',
    ...largest.map(
      ({ path, size, chunks, isPrefetched }) =>
        `${formatBytes(size).padStart(12)}  ${plural(chunks, 'chunk').padStart(11)}  ${isPrefetched ? 'prefetched' : '          '}  ${printable(path)}`,
    ),
  ];
}

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  return pairs.map(([key, value]) => `${key.padEnd(18)} ${printable(value)}`);
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}
