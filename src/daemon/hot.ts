// Hot packs for clients of the control socket: one save or load at a time, each with a line in the log.
import { LazypullError } from '../errors.ts';
import { KeyedLock } from '../keyed-lock.ts';
import { HotPacks } from '../layer/hot-packs.ts';
import type { LoadedPacks } from '../layer/hot-packs.ts';
import type { SavedPacks } from '../layer/hot-save.ts';
import type { LayerStore } from '../layer/layer-store.ts';
import type { Logger } from '../log.ts';
import type { HotLoadRequest, HotSaveRequest } from './hot-request.ts';

export interface HotServiceOptions {
  readonly store: LayerStore;
  /** Why this machine can't mount layers lazily; undefined when it can. */
  readonly unsupported: string | undefined;
  readonly log: Logger;
}

/** `close` it before the store. */
export class HotService {
  readonly #options: HotServiceOptions;
  readonly #packs: HotPacks;
  readonly #lock = new KeyedLock();

  constructor(options: HotServiceOptions) {
    this.#options = options;
    this.#packs = new HotPacks(options.store);
  }

  /** @throws LazypullError UNSUPPORTED where nothing can be lazy, and as HotPacks.load does. */
  load({ directory }: HotLoadRequest): Promise<LoadedPacks> {
    const { log, unsupported } = this.#options;
    return this.#lock.run('', async () => {
      if (unsupported !== undefined) {
        throw new LazypullError('UNSUPPORTED', `layers loaded here would not be used: ${unsupported}`);
      }
      const loaded = await this.#packs.load(directory);
      const { refused, ...counts } = loaded;
      log.info('hot packs loaded', { directory, ...counts, refused: refused.length });
      for (const { file, reason } of refused) log.warn('a hot pack is not used', { file, reason });
      return loaded;
    });
  }

  /** @throws as HotPacks.save does. */
  save({ directory, ...options }: HotSaveRequest): Promise<SavedPacks> {
    const { log } = this.#options;
    return this.#lock.run('', async () => {
      const saved = await this.#packs.save(directory, options);
      const { skipped, ...counts } = saved;
      log.info('hot packs saved', { directory, ...options, ...counts, skipped: skipped.length });
      for (const { digest, reason } of skipped) log.debug('a layer is not saved', { layer: digest, reason });
      return saved;
    });
  }

  /** Ends when what runs has ended; what waits is refused. */
  async close(): Promise<void> {
    await this.#packs.close();
  }
}
