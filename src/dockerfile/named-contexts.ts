// Named contexts (`--build-context NAME=...`): what they are called by, so that an image that the user has replaced is not
// replaced again. https://docs.docker.com/reference/cli/docker/buildx/build/#build-context
import { FormatError } from '../errors.ts';
import { formatPlatform, parsePlatform, type Platform } from '../oci/platform.ts';
import { familiarReference, parseReference } from '../oci/reference.ts';

/**
 * A name as BuildKit compares it: `docker.io/library/node:latest` is `node`. This is also what follows `context:` in the
 * options of a frontend. What is no reference stays as it is.
 */
export function contextName(name: string): string {
  try {
    return familiarReference(parseReference(name)).replace(/:latest$/, '');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return name;
  }
}

/** The names that a user gave, perhaps each for one platform: `node:22::linux/arm64`. */
export class NamedContexts {
  readonly #names = new Set<string>();

  constructor(names: Iterable<string>) {
    for (const name of names) {
      const [, plain = name, platform] = /^([^]*?)(?:::([^:]+))?$/.exec(name) ?? [];
      this.#names.add(contextName(plain) + (platform === undefined ? '' : `::${normal(platform)}`));
    }
  }

  has(name: string, platform: Platform): boolean {
    const own = contextName(name);
    return this.#names.has(own) || this.#names.has(`${own}::${formatPlatform(platform)}`);
  }
}

function normal(platform: string): string {
  try {
    return formatPlatform(parsePlatform(platform));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return platform;
  }
}
