// Hands a build on to the frontend that does it, with what we got and our contexts.
import type { EncodedInputs, SolveRequest } from './messages.ts';

/** A Dockerfile frontend in an image. */
export interface Delegate {
  readonly image: string;
  /** The words that name it, with whatever follows. */
  readonly cmdline: string;
}

export interface ForwardOptions {
  /** The build's. */
  readonly options: Readonly<Record<string, string>>;
  readonly inputs: EncodedInputs;
  /** `context:NAME` and what it stands for. What the user gave wins. */
  readonly contexts: Readonly<Record<string, string>>;
  /** undefined for the frontend that is built into BuildKit. */
  readonly delegate: Delegate | undefined;
}

/** The build as another frontend is to do it. */
export function forwardRequest({ options, inputs, contexts, delegate }: ForwardOptions): SolveRequest {
  const all = { ...contexts, ...options };
  if (delegate === undefined) {
    // A frontend that is told of a command line does not look at the syntax line, which may name us again.
    return { frontend: 'dockerfile.v0', options: { ...all, cmdline: options['cmdline'] ?? '' }, inputs };
  }
  const { image, cmdline } = delegate;
  return { frontend: 'gateway.v0', options: { ...all, source: image, cmdline }, inputs };
}
