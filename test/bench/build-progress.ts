// What a build spent its time on, from BuildKit's own account of its steps (`buildctl build --progress rawjson`): one JSON
// document a line, with each step (vertex) as far as it has come.
import { Buffer } from 'node:buffer';

/** Milliseconds from the first start to the last end of the steps of a kind. Of what a build does not have there is no figure. */
export interface BuildPhases {
  /** Names become digests, of the base and of a frontend. */
  readonly resolveMs?: number;
  /** A frontend's image and its own calls, until the Dockerfile frontend goes on. */
  readonly frontendMs?: number;
  /** The base as BuildKit sees it; layers that are mounted lazily are mounted at the RUN. */
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

const KINDS: Readonly<Record<keyof BuildPhases, RegExp>> = {
  resolveMs: /^(\[internal\] load metadata|\[lazypull\] resolve|resolve image config)/,
  frontendMs: /^(docker-image:\/\/|\[lazypull\])/,
  baseMs: /^(\[[^\]]*\] FROM |\[context )/,
  runMs: /^\[[^\]]*\] RUN /,
  exportMs: /^exporting to image/,
};

/** @throws SyntaxError when a line that begins as JSON is none. */
export function parseBuildProgress(text: string): BuildProgress {
  const updates = text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Status] : []));
  const vertexes = updates.flatMap(({ vertexes: all = [] }) => all);
  const logs = updates.flatMap(({ logs: all = [] }) => all.map(({ data = '' }) => Buffer.from(data, 'base64')));
  const phases: Partial<Record<keyof BuildPhases, number>> = {};
  for (const [kind, pattern] of Object.entries(KINDS) as [keyof BuildPhases, RegExp][]) {
    const ms = lengthMs(vertexes.filter(({ name }) => pattern.test(name)));
    if (ms !== undefined) phases[kind] = ms;
  }
  return { phases, output: Buffer.concat(logs).toString() };
}

/** A step is told of several times, and may go on after it was complete: a base is once more when its layers are wanted. */
function lengthMs(vertexes: readonly Vertex[]): number | undefined {
  const from = vertexes.flatMap(({ started }) => (started === undefined ? [] : [Date.parse(started)]));
  const to = vertexes.flatMap(({ completed }) => (completed === undefined ? [] : [Date.parse(completed)]));
  if (from.length === 0 || to.length === 0) return undefined;
  return Math.round(Math.max(...to) - Math.min(...from));
}
