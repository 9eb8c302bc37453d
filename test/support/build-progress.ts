// What a build told of itself, from `--progress rawjson`. The plain text leaves CACHED out now and then: a step whose result
// came from a cache and was unpacked at once is only told to be done there.

/** One build as it went. */
export interface Build {
  /** Each step of the Dockerfile (`RUN ...`, without its number) with what became of it. */
  readonly steps: ReadonlyMap<string, StepOutcome>;
  /** What the commands of the steps wrote, in the order of arrival. */
  readonly output: string;
}

/** `none`: nobody asked for its result. A `FROM` that is lazy counts as `ran`. */
export type StepOutcome = 'none' | 'cached' | 'ran' | 'failed';

interface Progress {
  readonly vertexes?: readonly {
    readonly name: string;
    readonly started?: string;
    readonly cached?: boolean;
    readonly error?: string;
  }[];
  readonly logs?: readonly { readonly data: string }[];
}

/** Reads what `buildctl build --progress rawjson` wrote to stderr. Lines that are no JSON are errors of buildctl's own. */
export function readProgress(text: string): Build {
  const steps = new Map<string, StepOutcome>();
  let output = '';
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) {
      output += line === '' ? '' : `${line}\n`;
      continue;
    }
    const { vertexes = [], logs = [] } = JSON.parse(line) as Progress;
    for (const { data } of logs) output += Buffer.from(data, 'base64').toString();
    for (const { name, started, cached, error } of vertexes) {
      const step = /^\[(?:[^\]]* )?\d+\/\d+\] (.*)$/.exec(name)?.[1];
      if (step === undefined) continue;
      const outcome = error !== undefined ? 'failed' : cached ? 'cached' : started !== undefined ? 'ran' : 'none';
      steps.set(step, worse(steps.get(step), outcome));
    }
  }
  return { steps, output };
}

// Fetching the layers of a cached step looks like running it. Steps of equal text in two stages count as one: name them apart.
function worse(before: StepOutcome | undefined, now: StepOutcome): StepOutcome {
  const order = ['none', 'ran', 'cached', 'failed'];
  return before !== undefined && order.indexOf(before) > order.indexOf(now) ? before : now;
}
