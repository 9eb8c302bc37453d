// Docker's daemon.json is told to keep its images in containerd, in the snapshotter named `stargz`. Everything else in it
// stays; JSON has no comments to lose.
// @see https://docs.docker.com/engine/storage/containerd/
import { UserError } from '../../src/errors.ts';
import type { MergedText } from './change-file.ts';

/** The storage driver, which with this image store is the name of a snapshotter. */
export const STORAGE_DRIVER = 'stargz';
const IMAGE_STORE = 'containerd-snapshotter';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The text of a daemon.json with our settings in it.
 * @param text of the file at `path`, undefined when there is none.
 * @throws UserError with the line when it is not a JSON object. The message quotes nothing: it may hold passwords of proxies.
 */
export function mergeDaemonJson(text: string | undefined, path: string): MergedText {
  const before = parseDaemonJson(text, path);
  const features = featuresOf(before, path);
  const after = {
    ...before,
    features: { ...features, [IMAGE_STORE]: true, ...without(features, 'embedded-containerd') },
    'storage-driver': STORAGE_DRIVER,
    ...('live-restore' in before ? { 'live-restore': false } : {}),
  };
  if (JSON.stringify(before) === JSON.stringify(after)) return { text: text ?? '', changed: false, told: [] };
  const told = REPLACED.flatMap(({ holds, what }) => (holds(before, features) ? [`${path}: ${what(before)}`] : []));
  return { text: `${JSON.stringify(after, undefined, indentOf(text ?? ''))}\n`, changed: true, told };
}

/** Where a daemon.json says that containerd listens. */
export function containerdAddressIn(text: string | undefined, path: string): string | undefined {
  const address = parseDaemonJson(text, path)['containerd'];
  return typeof address === 'string' && address !== '' ? address : undefined;
}

interface Replaced {
  readonly holds: (before: Fields, features: Fields) => boolean;
  readonly what: (before: Fields) => string;
}

const REPLACED: readonly Replaced[] = [
  {
    holds: (before) => 'storage-driver' in before && before['storage-driver'] !== STORAGE_DRIVER,
    what: (before) =>
      `storage-driver is "${STORAGE_DRIVER}" for this job instead of ${JSON.stringify(before['storage-driver'])}`,
  },
  {
    holds: (_, features) => features[IMAGE_STORE] === false,
    what: () => `features.${IMAGE_STORE} is true for this job instead of false`,
  },
  {
    holds: (_, features) => features['embedded-containerd'] === true,
    what: () => 'features.embedded-containerd is false for this job: that containerd takes no snapshotters',
  },
  {
    holds: (before) => before['live-restore'] === true,
    what: () => "live-restore is off for this job: at its end Docker stops the job's containers",
  },
];

/** false for a feature that is on and can't be. */
function without(features: Fields, name: string): Fields {
  return features[name] === true ? { [name]: false } : {};
}

function featuresOf(fields: Fields, path: string): Fields {
  const features = fields['features'] ?? {};
  if (isFields(features)) return features;
  throw new UserError(`${path}: features is not an object, as Docker wants it`, `Correct ${path}.`);
}

function parseDaemonJson(text: string | undefined, path: string): Fields {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const [, line] = /\(line (\d+) /.exec((error as Error).message) ?? [];
    const where = line === undefined ? path : `${path}, line ${line}`;
    throw new UserError(`${where}: this is not JSON`, `Correct ${path}: Docker can't read it either.`);
  }
  if (isFields(value)) return value;
  throw new UserError(`${path}: this is JSON, but not an object`, `Correct ${path}: Docker can't read it either.`);
}

/** The blanks or tabs before its first key, as in most files all over. */
function indentOf(text: string): string {
  return /^\s*\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
