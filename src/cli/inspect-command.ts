// `lazypull inspect`: what is in an image, for people and for programs.
import { UserError } from '../errors.ts';
import { parseLocation } from '../image/location.ts';
import { openSource } from '../image/open.ts';
import { openBlobSource } from '../optimize/inspect-blob.ts';
import { inspectImage, type InspectedWithTocs, type InspectResult } from '../optimize/inspect.ts';
import { mergeLayers, type FileTreeNode } from '../optimize/inspect-tree.ts';
import { integerFlag } from './flag-values.ts';
import { printable } from './format.ts';
import { openImageAccess } from './image-access.ts';
import { BLOB_PREFIX, platformsOf, TocImage } from './image-platforms.ts';
import type { InspectFlags } from './inspect-flags.ts';
import { inspectionText } from './inspect-text.ts';
import { Interrupts } from './interrupts.ts';
import { textStyle } from './text-style.ts';
import { treeEntries, treeText, type TreeOptions } from './tree-text.ts';

const DEFAULT_DEPTH = 2;
const MAX_DEPTH = 1000;

/** Does it all. @throws UserError for wrong arguments; LazypullError when the image can't be read. */
export async function runInspect(image: string, flags: InspectFlags): Promise<void> {
  const platforms = platformsOf(flags);
  const layer = integerFlag(flags, 'layer', 1, 1000);
  const tree = treeOptions(flags);
  using interrupts = new Interrupts();
  const result = image.startsWith(BLOB_PREFIX)
    ? await inspectBlob(image.slice(BLOB_PREFIX.length), interrupts.abort)
    : await inspectNamed(image, platforms, flags, interrupts.abort);
  for (const { image: one } of result.images) requireLayer(layer, one.layers.length);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(document(result, layer, tree), undefined, 2)}\n`);
  else if (tree === undefined)
    process.stdout.write(inspectionText(result.inspection, textStyle(process.stdout), layer));
  else for (const one of result.images) writeTree(one, layer, tree);
}

async function inspectNamed(
  image: string,
  platforms: ReturnType<typeof platformsOf>,
  flags: InspectFlags,
  signal: AbortSignal,
): Promise<InspectResult> {
  const location = parseLocation(image);
  await using access = await openImageAccess(flags, [location]);
  await using source = await openSource(location, access, signal);
  await using tocImage = new TocImage(location, access);
  return await inspectImage(source, { platforms, openTocImage: tocImage.open }, signal);
}

async function inspectBlob(path: string, signal: AbortSignal): Promise<InspectResult> {
  await using source = await openBlobSource(path, signal);
  return await inspectImage(source, { platforms: 'all' }, signal);
}

function treeOptions(flags: InspectFlags): TreeOptions | undefined {
  const depth = integerFlag(flags, 'depth', 0, MAX_DEPTH);
  if (flags.tree === undefined) {
    if (depth !== undefined) throw new UserError('--depth is for --tree', 'Add --tree, or leave it out.');
    return undefined;
  }
  return { path: flags.tree === true ? '' : flags.tree, depth: depth ?? DEFAULT_DEPTH };
}

function requireLayer(layer: number | undefined, count: number): void {
  if (layer === undefined || layer <= count) return;
  throw new UserError(`--layer ${layer}: the image has ${count}`, '1 is the bottom layer.');
}

/** The tree of the image, or of one of its layers alone. */
function treeOf({ tocs }: InspectedWithTocs, layer: number | undefined): FileTreeNode {
  return mergeLayers(tocs.map((toc, index) => (layer === undefined || index === layer - 1 ? toc : undefined)));
}

function writeTree(one: InspectedWithTocs, layer: number | undefined, tree: TreeOptions): void {
  const style = textStyle(process.stdout);
  const { platform, layers } = one.image;
  const text = treeText(treeOf(one, layer), tree, style);
  process.stdout.write(`${style.bold(printable(platform ?? 'no platform'))}\n${text ?? ''}`);
  const unknown = layers.filter(
    ({ number, contents }) => contents === null && (layer === undefined || layer === number),
  );
  for (const { number, format } of unknown) {
    process.stderr.write(
      `layer ${number} (${format}) is not in the tree: it has no table of contents that can be read\n`,
    );
  }
  if (text === undefined) throw new UserError(`${JSON.stringify(tree.path)} is not in the layers that are known`);
}

function document(result: InspectResult, layer: number | undefined, tree: TreeOptions | undefined): object {
  const images = result.images.map((one) => ({
    ...one.image,
    layers: one.image.layers.filter(({ number }) => layer === undefined || number === layer),
    ...(tree === undefined ? {} : { tree: treeEntries(treeOf(one, layer), tree) ?? [] }),
  }));
  return { ...result.inspection, images };
}
