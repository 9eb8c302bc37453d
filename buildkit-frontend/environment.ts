// What buildkitd tells a frontend when it starts it: options, session and workers, all in environment variables.
// https://github.com/moby/buildkit/blob/master/frontend/gateway/gateway.go
import { normalizePlatform, type Platform } from '../src/oci/platform.ts';
import { optionalString, requireObject } from '../src/oci/json.ts';

export interface FrontendEnvironment {
  /** The build's options, e.g. `filename`, `build-arg:NAME`, `context:NAME`; handed on as they are. */
  readonly options: Readonly<Record<string, string>>;
  /** Under which the client that has the local folders is known. */
  readonly session: string;
  /** Of the first worker: where the build runs. */
  readonly buildPlatform: Platform | undefined;
  /** Settings of whoever made the image, by name: `LAZYPULL_SUFFIX` and the like. */
  readonly defaults: Readonly<Record<string, string>>;
}

const OPTION = /^BUILDKIT_FRONTEND_OPT_\d+$/;

/** Reads the environment. Without buildkitd, everything is empty. */
export function readEnvironment(variables: Readonly<NodeJS.ProcessEnv>): FrontendEnvironment {
  const options: Record<string, string> = {};
  const defaults: Record<string, string> = {};
  for (const [name, text = ''] of Object.entries(variables)) {
    const equals = text.indexOf('=');
    if (OPTION.test(name) && equals > 0) options[text.slice(0, equals)] = text.slice(equals + 1);
    else if (name.startsWith('LAZYPULL_')) defaults[name] = text;
  }
  const buildPlatform = firstPlatform(variables['BUILDKIT_WORKERS'] ?? '[]');
  return { options, session: variables['BUILDKIT_SESSION_ID'] ?? '', buildPlatform, defaults };
}

/** Values of the options whose names begin with a prefix, by the rest of the name. */
export function optionsWith(options: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  const found = Object.entries(options).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Of a list of workers in JSON. undefined for whatever is not one: then nobody needs to know. */
function firstPlatform(text: string): Platform | undefined {
  try {
    const workers = JSON.parse(text) as { readonly platforms?: readonly unknown[] }[];
    const platform = requireObject(workers[0]?.platforms?.[0], 'platform');
    const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((key) =>
      optionalString(platform, key, 'platform'),
    );
    if (os === undefined || architecture === undefined) return undefined;
    return normalizePlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
  } catch {
    return undefined;
  }
}
