// `lazypull export`: what a build wrote is converted, ordered and pushed, and told as the build's own export would be.
import type { ImageSource } from '../image/model.ts';
import { RegistryImageSource } from '../image/registry-image.ts';
import { TagsTarget, type Transfer } from '../image/tags-target.ts';
import { returnLargeBlocks } from '../malloc.ts';
import type { ImageReference } from '../oci/reference.ts';
import { convertImage } from '../optimize/convert.ts';
import type { ConvertedLayer, ConvertOptions } from '../optimize/convert-model.ts';
import { BaseFinder, type FoundBase } from '../optimize/export-bases.ts';
import { replaceFile, type BuildMetadata } from './build-metadata.ts';
import { ConvertReporter } from './convert-reporter.ts';
import { planExport, type ExportPlan } from './export-plan.ts';
import { exportedImage, exportResult, type ExportResult } from './export-result.ts';
import { openBuild } from './export-source.ts';
import { baseLines, inBaseLine, metadataLine, unknownBaseLine } from './export-text.ts';
import type { Flags } from './flag-values.ts';
import { openImageAccess } from './image-access.ts';
import { Interrupts } from './interrupts.ts';

/** buildx closes its pipe first, then asks its daemon for the provenance, then writes its file. */
const METADATA_WITHIN_MS = 5000;

/** Exports. @throws UserError for wrong arguments; LazypullError when the build failed; whatever the conversion throws. */
export async function runExport(source: string, flags: Flags): Promise<void> {
  returnLargeBlocks();
  const plan = await planExport(source, flags);
  using interrupts = new Interrupts();
  try {
    await exportImage(plan, flags, interrupts.abort);
  } catch (error) {
    // What an abort breaks says other things.
    interrupts.abort.throwIfAborted();
    throw error;
  }
}

async function exportImage(plan: ExportPlan, flags: Flags, signal: AbortSignal): Promise<void> {
  const { from, tags, bases, json } = plan;
  const places = [...tags, ...bases].map((reference) => ({ kind: 'registry', reference }) as const);
  await using access = await openImageAccess(flags, [from, ...places]);
  await using source = await openBuild(from, access, signal);
  await using target = new TagsTarget(access.registry(), tags);
  const transferOf = ({ digest }: ConvertedLayer): Transfer | undefined => target.transferOf(digest);
  const reporter = new ConvertReporter({ json, linesTo: json ? process.stdout : process.stderr, transferOf });
  const open = (reference: ImageReference): ImageSource => new RegistryImageSource(access.registry(), reference);
  try {
    const found: FoundBase[] = [];
    const keep = await keeperOf(plan, { source, open, reporter, found }, signal);
    const options = { ...plan.format, platforms: plan.platforms, workDir: access.workDir, keep };
    const converted = await convertImage(
      source,
      target,
      { ...options, profileOf: profileOf(plan, reporter) },
      signal,
      (progress) => reporter.progress(progress),
    );
    const result = exportResult(converted, target, { tags, bases: found });
    await writeFiles(plan, target, result);
    for (const { platform, inKept = 0 } of result.manifests) {
      if (inKept > 0) reporter.note(inBaseLine(platform, inKept));
    }
    reporter.finish(result);
    if (!json) for (const { name, digest } of result.tags) process.stdout.write(`${name}@${digest}\n`);
  } finally {
    reporter.stop();
  }
}

interface Surroundings {
  readonly source: ImageSource;
  readonly open: (reference: ImageReference) => ImageSource;
  readonly reporter: ConvertReporter;
  /** Gets the bases. */
  readonly found: FoundBase[];
}

/** What finds the layers of the base, once the build's metadata is there. */
async function keeperOf(
  plan: ExportPlan,
  { source, open, reporter, found }: Surroundings,
  signal: AbortSignal,
): Promise<ConvertOptions['keep']> {
  const { metadata, bases: named, rewriteBase } = plan;
  if (plan.from.kind === 'stream' && metadata !== undefined) await awaitMetadata(metadata, reporter, signal);
  const hints = { named, found: (await metadata?.materials()) ?? [] };
  if (rewriteBase) return undefined;
  const finder = new BaseFinder({
    source,
    open,
    hints,
    onBase: (base) => {
      found.push(base);
      for (const line of baseLines(base)) reporter.note(line);
    },
    onUnknown: (platform, reasons) => reporter.note(unknownBaseLine(platform, reasons)),
  });
  return (nodes, inner) => finder.find(nodes, inner);
}

async function awaitMetadata(metadata: BuildMetadata, reporter: ConvertReporter, signal: AbortSignal): Promise<void> {
  if (await metadata.written(METADATA_WITHIN_MS, signal)) return;
  // One that was there at first may have been written just before.
  if (!metadata.isThere) reporter.note(metadataLine(metadata.path, METADATA_WITHIN_MS));
}

function profileOf({ inputs }: ExportPlan, reporter: ConvertReporter): ConvertOptions['profileOf'] {
  return inputs && ((image) => inputs.profileFor(image, (patterns) => reporter.unmatched(image, patterns)));
}

async function writeFiles(plan: ExportPlan, target: TagsTarget, result: ExportResult): Promise<void> {
  const { iidFile, metadata, tags } = plan;
  if (iidFile !== undefined) await replaceFile(iidFile, result.target.digest);
  await metadata?.write(exportedImage(target, result, tags));
}
