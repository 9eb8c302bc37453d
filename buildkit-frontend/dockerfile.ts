// Reads the Dockerfile of a build as BuildKit's own frontend does: from the client's folder, or from an input.
// https://github.com/moby/buildkit/blob/master/frontend/dockerui/config.go (ReadEntrypoint)
import { posix } from 'node:path';
import type { Bridge } from './bridge.ts';
import { encodeDefinition, lastStep, localSource } from './definition.ts';
import type { FrontendEnvironment } from './environment.ts';
import { inputDefinition, type EncodedInputs } from './messages.ts';

export interface Dockerfile {
  /** As the build names it. */
  readonly name: string;
  readonly content: Uint8Array;
  /** What it was read from, encoded. */
  readonly definition: Uint8Array;
  /** Digest of the step that read it. */
  readonly step: string;
}

const DEFAULT_NAME = 'Dockerfile';
/** The client's name for the folder, and the input's. */
const DEFAULT_FOLDER = 'dockerfile';

/**
 * @returns undefined when the context is a repository or a download, in which the Dockerfile is too.
 * @throws CallError when there is no such file: the frontend that does the build says it best.
 */
export async function readDockerfile(
  bridge: Bridge,
  environment: FrontendEnvironment,
  inputs: EncodedInputs,
): Promise<Dockerfile | undefined> {
  const { options, session } = environment;
  const ownFolder = options['dockerfilekey'];
  if (ownFolder === undefined && isRemote(options)) return undefined;
  const name = options['filename'] ?? DEFAULT_NAME;
  const input = ownFolder === undefined ? inputDefinition(inputs, DEFAULT_FOLDER) : undefined;
  const definition = input ?? localDefinition(ownFolder ?? DEFAULT_FOLDER, options, session, name);
  const result = await bridge.solve({ definition });
  const content = await readFirst(bridge, result, namesOf(name));
  return { name, content, definition, step: lastStep(definition) };
}

/** A context with an address. Local ones have none: the client knows where they are. */
function isRemote(options: Readonly<Record<string, string>>): boolean {
  return (options[options['contextkey'] ?? 'context'] ?? '') !== '';
}

function localDefinition(
  folder: string,
  options: Readonly<Record<string, string>>,
  session: string,
  name: string,
): Uint8Array {
  const [first = name, ...others] = namesOf(name);
  const paths = [first, `${name}.dockerignore`, ...others];
  const owner = options[`local-sessionid:${folder}`] ?? session;
  return encodeDefinition(localSource(folder, owner, paths, `[internal] load build definition from ${name}`));
}

/** Docker also takes a `dockerfile`. */
function namesOf(name: string): string[] {
  const { dir, base } = posix.parse(name);
  return base === DEFAULT_NAME ? [name, posix.join(dir, DEFAULT_NAME.toLowerCase())] : [name];
}

async function readFirst(bridge: Bridge, result: Uint8Array, names: readonly string[]): Promise<Uint8Array> {
  let failure: unknown;
  for (const name of names) {
    try {
      return await bridge.readFile(result, name);
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
