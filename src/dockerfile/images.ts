// The images that a Dockerfile uses, found without building anything, by the rules of BuildKit's own frontend: what it
// would ask a registry for is here, and nothing else. https://docs.docker.com/reference/dockerfile/
import { FormatError } from '../errors.ts';
import { normalizePlatform, type Platform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import { declareArgs, platformArgs } from './build-args.ts';
import { syntaxOf } from './directives.ts';
import { parseInstructions, type Instruction, type ParsedFile } from './instructions.ts';
import type { DockerfileImages, ImagesOptions, ImageUse, Unresolved } from './model.ts';
import { NamedContexts } from './named-contexts.ts';
import { baseStage, neededStages, sourcesOf, sourceStage, stageOf, type DraftStage } from './stages.ts';

/** Never throws for what a Dockerfile says: what can't be told is in `unresolved`, and BuildKit will say what is wrong. */
export function imagesOf(text: string, options: ImagesOptions): DockerfileImages {
  const parsed = parseInstructions(text);
  const platform = normalizePlatform(options.platform);
  const { stages, unresolved } = readStages(parsed, { ...options, platform });
  const contexts = new NamedContexts(options.namedContexts ?? []);
  const drafts = stages.map((stage) => withoutReplaced(stage, contexts));
  const needed = options.everyStage === true ? new Set(drafts.keys()) : neededStages(drafts, options.target);
  const found = drafts.map((_, index) => (needed.has(index) ? usesOf(drafts, index, contexts, platform) : NOTHING));
  if (needed.size === 0 && options.target !== undefined) {
    unresolved.push({ line: 1, what: `there is no stage ${JSON.stringify(options.target)}` });
  }
  return {
    stages: stages.map(({ name, base, line }, index) => ({ name, base: base ?? '', line, needed: needed.has(index) })),
    uses: found.flatMap(({ uses }) => uses),
    unresolved: [...unresolved, ...found.flatMap((stage) => stage.unresolved)].sort((a, b) => a.line - b.line),
    syntax: syntaxOf(text),
  };
}

interface Found {
  readonly uses: readonly ImageUse[];
  readonly unresolved: readonly Unresolved[];
}

const NOTHING: Found = { uses: [], unresolved: [] };

function readStages(
  { instructions, escape, unended }: ParsedFile,
  options: ImagesOptions,
): { stages: DraftStage[]; unresolved: Unresolved[] } {
  const { platform, buildPlatform = platform } = options;
  const buildArgs = new Map(Object.entries(options.buildArgs ?? {}));
  const targetStage = options.target ?? lastStageName(instructions);
  const values = platformArgs({ platform, buildPlatform: normalizePlatform(buildPlatform), targetStage, buildArgs });
  const unresolved: Unresolved[] = [];
  const stages: DraftStage[] = [];
  for (const instruction of instructions) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') stages.push(stageOf(instruction, { values, escape, platform }));
    else if (stage !== undefined) stages[stages.length - 1] = withSources(stage, instruction);
    else if (instruction.keyword === 'ARG') unresolved.push(...declareArgs(instruction, values, buildArgs, escape));
  }
  if (unended !== undefined)
    unresolved.push({ line: unended, what: 'a here-document has no end: what follows was not read' });
  return { stages, unresolved };
}

function lastStageName(instructions: readonly Instruction[]): string {
  const last = instructions.findLast(({ keyword }) => keyword === 'FROM')?.rest ?? '';
  return /^\S+\s+as\s+(\S+)$/i.exec(last)?.[1]?.toLowerCase() ?? '';
}

function withSources(stage: DraftStage, instruction: Instruction): DraftStage {
  const { sources, unresolved } = sourcesOf(instruction);
  return {
    ...stage,
    sources: [...stage.sources, ...sources],
    unresolved: [...stage.unresolved, ...unresolved],
  };
}

/** A context with the name of a stage takes its place: nothing of the stage is built. */
function withoutReplaced(stage: DraftStage, contexts: NamedContexts): DraftStage {
  const isReplaced = stage.name !== undefined && contexts.has(stage.name, stage.platform);
  return isReplaced ? { ...stage, base: 'scratch', sources: [], unresolved: [] } : stage;
}

/** The images of one stage, in the order of its lines. Other stages are none, and neither are contexts. */
function usesOf(stages: readonly DraftStage[], index: number, contexts: NamedContexts, platform: Platform): Found {
  const stage = stages[index];
  if (stage === undefined) return NOTHING;
  const uses: ImageUse[] = [];
  const unresolved = [...stage.unresolved];
  const add = (use: ImageUse): void => {
    if (use.reference === 'scratch' || contexts.has(use.reference, use.platform)) return;
    const why = whyNoReference(use.reference);
    if (why === undefined) uses.push(use);
    else unresolved.push({ line: use.line, what: why });
  };
  const { base, line } = stage;
  if (base !== undefined && baseStage(stages, index, base) === undefined) {
    add({ reference: base, line, kind: 'from', platform: stage.platform, onBuild: false });
  }
  for (const { name, ...place } of stage.sources) {
    const other = sourceStage(stages, name, place.kind);
    if (other === undefined) add({ reference: name, ...place, platform });
    else if (other < 0 || other >= stages.length)
      unresolved.push({ line: place.line, what: `there is no stage ${name}` });
  }
  return { uses, unresolved };
}

function whyNoReference(text: string): string | undefined {
  try {
    parseReference(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}
