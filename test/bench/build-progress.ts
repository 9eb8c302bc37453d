// What a build spent its time on, from BuildKit's own account of its steps (`buildctl build --progress rawjson`): one JSON
// document a line, with each step (vertex) as far as it has come.
import { Buffer } from 'node:buffer';

/** Milliseconds from the first start to the last end of the steps of a kind. Of what a build does not have there is no figure. */
export interface BuildPhases {
  /** Names become digests, of the base and of a frontend. */
  readonly resolveMs?: number;
  /** A frontend's image and its own calls, until the Dockerfile frontend goes on. */
  readonly frontendMs?: number;
  /** From the first word of the base to the RUN: layers are downloaded, or mounted, when a step wants them. */
  readonly baseMs?: number;
  readonly runMs?: number;
  /** Layer, manifest and push. */
  readonly exportMs?: number;
}

export interface BuildProgress {
  readonly phases: BuildPhases;
  /** What the steps wrote. */
  readonly output: string;
}

interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly started?: string;
  readonly completed?: string;
}

interface Status {
  readonly vertexes?: readonly Vertex[];
  readonly logs?: readonly { readonly data?: string }[];
}

const BASE = /^(\[[^\]]*\] FROM |\[context )/;
const RUN = /^\[[^\]]*\] RUN /;
const KINDS: Readonly<Record<Exclude<keyof BuildPhases, 'baseMs'>, RegExp>> = {
  resolveMs: /^(\[internal\] load metadata|\[lazypull\] resolve|resolve image config)/,
  frontendMs: /^(docker-image:\/\/|\[lazypull\])/,
  runMs: RUN,
  exportMs: /^exporting to image/,
};

/** @throws SyntaxError when a line that begins as JSON is none. */
export function parseBuildProgress(text: string): BuildProgress {
  const updates = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Status] : []));
  const vertexes = updates.flatMap(({ vertexes: all = [] }) => all);
  const logs = updates.flatMap(({ logs: all = [] }) => all.map(({ data = '' }) => Buffer.from(data, 'base64')));
  const phases: Partial<Record<keyof BuildPhases, number>> = {};
  const named = (pattern: RegExp): Vertex[] => vertexes.filter(({ name }) => pattern.test(name));
  for (const [kind, pattern] of Object.entries(KINDS) as [keyof BuildPhases, RegExp][]) {
    const { from, to } = spanOf(named(pattern));
    if (Number.isFinite(to - from)) phases[kind] = Math.round(to - from);
  }
  const baseMs = spanOf(named(RUN)).from - spanOf(named(BASE)).from;
  if (Number.isFinite(baseMs)) phases.baseMs = Math.round(baseMs);
  return { phases, output: Buffer.concat(logs).toString() };
}

/** A step is told of several times, as far as it has come. Not finite when there is none. */
function spanOf(vertexes: readonly Vertex[]): { readonly from: number; readonly to: number } {
  const times = (text: string | undefined): number[] => (text === undefined ? [] : [Date.parse(text)]);
  return {
    from: Math.min(...vertexes.flatMap(({ started }) => times(started))),
    to: Math.max(...vertexes.flatMap(({ completed }) => times(completed))),
  };
}
