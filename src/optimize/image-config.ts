// How an image says that it wants to be run: the part of its config that `docker run` goes by.
// https://github.com/opencontainers/image-spec/blob/main/config.md
import { FormatError } from '../errors.ts';
import { optionalString, parseJson, requireArray, requireObject } from '../oci/json.ts';

/** The config's execution parameters; what the image does not say is empty. */
export interface RunConfig {
  readonly user: string;
  /** `NAME=VALUE`. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  /** E.g. `SIGQUIT` or `3`. */
  readonly stopSignal: string;
}

const MAX_WORDS = 10_000;

/** @throws FormatError when a field has not the form that the specification gives it. */
export function parseRunConfig(bytes: Uint8Array): RunConfig {
  const document = requireObject(parseJson(bytes, 'image config'), 'image config');
  const where = 'image config.config';
  // Scratch images have none; Go writers encode nothing as null.
  const config = document['config'] == null ? {} : requireObject(document['config'], where);
  const words = (key: string): string[] => {
    if (config[key] == null) return [];
    return requireArray(config[key], `${where}.${key}`, MAX_WORDS).map((word) => {
      if (typeof word !== 'string') throw new FormatError(`${where}.${key}: not a list of strings`);
      return word;
    });
  };
  return {
    user: optionalString(config, 'User', where) ?? '',
    env: words('Env'),
    entrypoint: words('Entrypoint'),
    cmd: words('Cmd'),
    workingDir: optionalString(config, 'WorkingDir', where) ?? '',
    stopSignal: optionalString(config, 'StopSignal', where) ?? '',
  };
}
