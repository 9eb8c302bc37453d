// Docker's config.json as a source of credentials: auths, identity tokens, credHelpers and credsStore. The file is
// read again at every lookup. No error here quotes the file: its contents are secrets.
// https://docs.docker.com/reference/cli/docker/login/
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { fieldsOf, parseAuthEntry, stringOf, type Fields } from './auth-entry.ts';
import { runCredentialHelper } from './credential-helper.ts';
import {
  compareKeys,
  isHubHost,
  matchesKey,
  parseCredentialKey,
  type CredentialKey,
  type CredentialTarget,
} from './credential-key.ts';
import type { Credential, CredentialSource } from './credentials.ts';

/** Docker Hub's key in config.json and for credential helpers. */
const HUB_KEY = 'https://index.docker.io/v1/';

/** `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`. */
export function defaultDockerConfigPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['DOCKER_CONFIG'] || join(homedir(), '.docker'), 'config.json');
}

export class DockerConfigCredentials implements CredentialSource {
  readonly #path: string;

  constructor(path: string = defaultDockerConfigPath()) {
    this.#path = path;
  }

  /** A helper for just this registry comes first, then the store for all, then the file itself. A missing file is none. */
  async *lookup(target: CredentialTarget, signal?: AbortSignal): AsyncGenerator<Credential> {
    const { registry } = target;
    const config = await this.#read();
    if (config === undefined) return;
    const helper = helperFor(config, registry) ?? stringOf(config['credsStore']);
    if (helper !== undefined) {
      const credential = await runCredentialHelper(helper, isHubHost(registry) ? HUB_KEY : registry, signal);
      if (credential !== undefined) yield credential;
    }
    yield* this.#fromAuths(fieldsOf(config['auths']), target);
  }

  async #read(): Promise<Fields | undefined> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw new UserError(`can't read ${this.#path}: ${code}`, 'Make it readable for the user that lazypull runs as.');
    }
    try {
      return fieldsOf(JSON.parse(text));
    } catch {
      throw new UserError(`${this.#path} is not JSON`, 'Repair it, or log in again after moving it away.');
    }
  }

  /** The entries whose keys match, the most exact first. */
  *#fromAuths(auths: Fields, target: CredentialTarget): Generator<Credential> {
    const matching = Object.keys(auths)
      .map((name) => ({ name, key: parseCredentialKey(name) }))
      .filter(({ key }) => key !== undefined && matchesKey(key, target)) as { name: string; key: CredentialKey }[];
    for (const { name } of matching.toSorted((a, b) => compareKeys(a.key, b.key))) {
      const credential = parseAuthEntry(fieldsOf(auths[name]), `${this.#path}: the auth of ${name}`);
      if (credential !== undefined) yield credential;
    }
  }
}

function helperFor(config: Fields, registry: string): string | undefined {
  const helpers = fieldsOf(config['credHelpers']);
  return stringOf(helpers[registry]) ?? (isHubHost(registry) ? stringOf(helpers[HUB_KEY]) : undefined);
}
