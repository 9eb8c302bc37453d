// What an engine is: something that is told of the snapshotter, so that later steps pull lazily through it.
import type { Facts } from '../facts.ts';
import type { Host } from '../host.ts';
import type { EngineName, Inputs } from '../inputs.ts';
import type { Journal } from '../journal.ts';

/** What an engine has to work with. The daemon serves already. */
export interface EngineContext {
  readonly host: Host;
  readonly facts: Facts;
  readonly inputs: Inputs;
  /** Note every change before it is made; a failure undoes them. */
  readonly journal: Journal;
  readonly info: (message: string) => void;
  /** Something that the user should know of, and perhaps act on. */
  readonly notice: (message: string) => void;
  readonly signal: AbortSignal;
}

/** What later steps need to know. */
export interface EngineReady {
  readonly engine: EngineName;
  /** Socket of the snapshotter that it uses: one of CONSUMERS. */
  readonly snapshotterSocket: string;
  readonly containerdAddress?: string;
  /** Name of the buildx builder. */
  readonly builder?: string;
  readonly dockerContext?: string;
  /** Beside the machine's own, which was left alone. */
  readonly isolated: boolean;
  /** For the environment of later steps. */
  readonly env: Readonly<Record<string, string>>;
}

/** Sets an engine up. @throws when it can't: the caller undoes what was noted since. */
export type EngineSetup = (context: EngineContext) => Promise<EngineReady>;
