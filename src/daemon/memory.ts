// What the next serving process should know of the images that this one saw: a small file in the state folder, written
// when images go and at a planned restart. A process that is killed takes with it what was counted since; the images that
// are gone stay known. What is damaged counts as nothing.
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { describeError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { isDigest } from '../oci/digest.ts';
import { ImageClock, type ImageTimes } from '../snapshot/image-times.ts';
import type { ImageStatus, LayerStatus } from './status.ts';

export interface DaemonMemory {
  readonly history: readonly ImageStatus[];
  /** Layers that are held now or were, with all that was counted. */
  readonly layers: readonly LayerStatus[];
  /** By consumer. */
  readonly times: Readonly<Record<string, readonly (readonly [imageRef: string, times: ImageTimes])[]>>;
}

const NOTHING: DaemonMemory = { history: [], layers: [], times: {} };
/** Another version of the file is not read: its fields may mean something else. */
const VERSION = 1;
const SAVE_MS = 1000;

export class Memory {
  /** What earlier serving processes knew. */
  readonly former: DaemonMemory;
  readonly #path: string;
  readonly #clocks = new Map<string, ImageClock>();
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** Reads the file at `path` when `continues` says that it is of this daemon, and not of the one before. */
  constructor(path: string, continues: boolean) {
    this.#path = path;
    this.former = continues ? readMemory(path) : NOTHING;
  }

  /** The clock of a consumer's images, which goes on where it was. */
  clock(consumer: string): ImageClock {
    const clock = this.#clocks.get(consumer) ?? new ImageClock(this.former.times[consumer]);
    this.#clocks.set(consumer, clock);
    return clock;
  }

  /** Replaces the file. @throws the disk's error. */
  save(images: Pick<DaemonMemory, 'history' | 'layers'>): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const times = Object.fromEntries([...this.#clocks].map(([consumer, clock]) => [consumer, clock.entries()]));
    const text = JSON.stringify({ version: VERSION, ...images, times });
    const write = async (): Promise<void> => {
      await writeFile(`${this.#path}.new`, text, { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    };
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }

  /** Saves in a moment, with whatever else comes until then: images go layer by layer. */
  saveSoon(images: () => Pick<DaemonMemory, 'history' | 'layers'>, log: Logger): void {
    this.#timer ??= setTimeout(() => {
      this.save(images()).catch((error: unknown) => {
        log.warn("can't write down which images there were", { error: describeError(error) });
      });
    }, SAVE_MS).unref();
  }
}

/** What the file says; nothing when it is not there or not whole. */
function readMemory(path: string): DaemonMemory {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isMemory(value) ? { history: value.history, layers: value.layers, times: value.times } : NOTHING;
  } catch {
    return NOTHING;
  }
}

// Only we write there. The look is for what another version or a broken disk may leave, which must not stop a daemon.
function isMemory(value: unknown): value is DaemonMemory {
  if (!isObject(value) || value['version'] !== VERSION) return false;
  const { history, layers, times } = value;
  return isArrayOf(history, isImage) && isArrayOf(layers, isLayer) && isObject(times) && areTimes(times);
}

function areTimes(times: Record<string, unknown>): boolean {
  return Object.values(times).every((one) =>
    isArrayOf(one, (pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isTimes(pair[1])),
  );
}

function isTimes(value: unknown): boolean {
  return isObject(value) && Number.isFinite(value['askedMs']) && Object.values(value).every(Number.isFinite);
}

function isImage(value: unknown): boolean {
  if (!isObject(value)) return false;
  return typeof value['ref'] === 'string' && isArrayOf(value['layers'], isLayer) && isTimes(value['timeline']);
}

const COUNTS = [
  'presentBytes',
  'imageBytes',
  'fetchedBytes',
  'requests',
  'faults',
  'waitedMs',
  'usedChunks',
  'usedBytes',
  'hitChunks',
  'restoredBytes',
] as const satisfies readonly (keyof LayerStatus)[];

function isLayer(value: unknown): boolean {
  if (!isObject(value) || typeof value['digest'] !== 'string' || !isDigest(value['digest'])) return false;
  return typeof value['state'] === 'string' && COUNTS.every((key) => Number.isFinite(value[key]));
}

function isArrayOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
