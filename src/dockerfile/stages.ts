// The stages of a Dockerfile, what each is built from, and which of them a target needs.
// https://docs.docker.com/build/building/multi-stage/
import { FormatError } from '../errors.ts';
import { parsePlatform, type Platform } from '../oci/platform.ts';
import type { Instruction } from './instructions.ts';
import type { ImageUseKind, Unresolved } from './model.ts';
import { expandWord } from './shell-words.ts';

/** A stage as it is written, with the variables of its FROM replaced. */
export interface DraftStage {
  readonly name: string | undefined;
  /** undefined when it can't be told. */
  readonly base: string | undefined;
  readonly line: number;
  readonly platform: Platform;
  /** Of COPY and RUN. */
  readonly sources: readonly DraftSource[];
  readonly unresolved: readonly Unresolved[];
}

export interface DraftSource {
  readonly name: string;
  readonly line: number;
  readonly kind: Exclude<ImageUseKind, 'from'>;
  readonly onBuild: boolean;
}

export interface StageContext {
  readonly values: ReadonlyMap<string, string>;
  readonly escape: string;
  /** Of what is built. */
  readonly platform: Platform;
}

/** A FROM line. Its stage has no sources yet. */
export function stageOf(from: Instruction, context: StageContext): DraftStage {
  const { line, rest, flags } = from;
  const words = rest.split(/\s+/).filter((word) => word !== '');
  const [base = '', as = '', name] = words;
  const unresolved: Unresolved[] = [];
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      unresolved.push({ line, what: `FROM ${rest}: ${error.message}` });
      return undefined;
    }
  };
  const isNamed = words.length === 3 && as.toLowerCase() === 'as';
  if (words.length !== 1 && !isNamed)
    unresolved.push({ line, what: `FROM ${rest}: not FROM IMAGE or FROM IMAGE AS NAME` });
  const image = attempt(() => requireText(expandWord(base, context)));
  const flag = flags.findLast(([flagName]) => flagName === 'platform')?.[1];
  const platform =
    flag === undefined ? context.platform : attempt(() => parsePlatform(requireText(expandWord(flag, context))));
  return {
    name: isNamed ? name?.toLowerCase() : undefined,
    base: unresolved.length === 0 ? image : undefined,
    line,
    platform: platform ?? context.platform,
    sources: [],
    unresolved,
  };
}

function requireText(text: string): string {
  if (text === '')
    throw new FormatError('its variables have no values, which leaves nothing; give them with --build-arg');
  return text;
}

/** What a COPY or RUN takes from somewhere else than the build's context. */
export function sourcesOf({ keyword, flags, line, onBuild }: Instruction): {
  sources: DraftSource[];
  unresolved: Unresolved[];
} {
  const sources: DraftSource[] = [];
  const unresolved: Unresolved[] = [];
  for (const [flag, value] of flags) {
    const kind =
      keyword === 'COPY' && flag === 'from' ? 'copy' : keyword === 'RUN' && flag === 'mount' ? 'mount' : undefined;
    const name = kind === 'copy' ? value : kind === 'mount' ? mountSource(value) : undefined;
    if (kind === undefined || name === undefined || name === '') continue;
    if (/\$./.test(name))
      unresolved.push({ line, what: `${name}: BuildKit replaces no variables there; FROM ${name} AS stage does it` });
    else sources.push({ name, line, kind, onBuild });
  }
  return { sources, unresolved };
}

/** `from=` of the fields of a mount, which are separated as in CSV. */
function mountSource(mount: string): string | undefined {
  let from: string | undefined;
  for (const [, quoted, plain = ''] of mount.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    const [, key = '', value = ''] = /^([^=]*)=?([^]*)$/.exec(quoted?.replaceAll('""', '"') ?? plain) ?? [];
    if (key.toLowerCase() === 'from') from = value;
  }
  return from;
}

/** Indexes of the stages that `target` needs, itself among them; empty when there is no such stage. */
export function neededStages(stages: readonly DraftStage[], target: string | undefined): Set<number> {
  const first = target === undefined ? stages.length - 1 : findStage(stages, target);
  const needed = new Set<number>();
  const todo = first === undefined || first < 0 ? [] : [first];
  for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
    const stage = stages[index];
    if (stage === undefined || needed.has(index)) continue;
    needed.add(index);
    const base = stage.base === undefined ? undefined : baseStage(stages, index, stage.base);
    if (base !== undefined) todo.push(base);
    for (const { name, kind } of stage.sources) {
      const source = sourceStage(stages, name, kind);
      if (source !== undefined) todo.push(source);
    }
  }
  return needed;
}

/** FROM sees the stages before it, the last one of a name. */
export function baseStage(stages: readonly DraftStage[], index: number, base: string): number | undefined {
  const found = stages.slice(0, index).findLastIndex(({ name }) => name === base);
  return found === -1 ? undefined : found;
}

/** `COPY --from=0` is a number; a mount has names only. */
export function sourceStage(
  stages: readonly DraftStage[],
  name: string,
  kind: DraftSource['kind'],
): number | undefined {
  if (kind === 'copy' && /^[+-]?\d+$/.test(name)) return Number(name);
  const found = stages.findLastIndex((stage) => stage.name === name.toLowerCase());
  return found === -1 ? undefined : found;
}

/** As in `--target`: a name, or else a number. */
function findStage(stages: readonly DraftStage[], target: string): number | undefined {
  return sourceStage(stages, target, 'mount') ?? (/^\d+$/.test(target) ? Number(target) : undefined);
}
