// Docker's config.json as a source of credentials: auths, identity tokens, credHelpers and credsStore. The file is
// read again at every lookup. No error here quotes the file: its contents are secrets.
// https://docs.docker.com/reference/cli/docker/login/
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { runCredentialHelper } from './credential-helper.ts';
import type { Credential, CredentialSource } from './credentials.ts';

/** Docker Hub's key in config.json and for credential helpers. */
const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOSTS: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

type Fields = Readonly<Record<string, unknown>>;

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
  async lookup(registry: string, signal?: AbortSignal): Promise<Credential | undefined> {
    const config = await this.#read();
    if (config === undefined) return undefined;
    const key = HUB_HOSTS.has(registry) ? HUB_KEY : registry;
    const helper = helperFor(config, registry) ?? stringOf(config['credsStore']);
    if (helper !== undefined) {
      const credential = await runCredentialHelper(helper, key, signal);
      if (credential !== undefined) return credential;
    }
    return this.#fromAuths(fieldsOf(config['auths']), key);
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

  #fromAuths(auths: Fields, key: string): Credential | undefined {
    const name = Object.keys(auths).find((one) => one === key) ?? Object.keys(auths).find((one) => sameHost(one, key));
    const entry = name === undefined ? {} : fieldsOf(auths[name]);
    const identityToken = stringOf(entry['identitytoken']);
    if (identityToken !== undefined) return { kind: 'identity-token', identityToken };
    const registryToken = stringOf(entry['registrytoken']);
    if (registryToken !== undefined) return { kind: 'registry-token', registryToken };
    const auth = stringOf(entry['auth']);
    if (auth !== undefined) return this.#decode(auth, key);
    const username = stringOf(entry['username']);
    const password = stringOf(entry['password']);
    return username === undefined || password === undefined ? undefined : { kind: 'password', username, password };
  }

  #decode(auth: string, key: string): Credential {
    const text = Buffer.from(auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon <= 0) throw new UserError(`${this.#path}: the auth of ${key} is not user:password in base64`);
    // Old clients padded with zero bytes.
    return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
  }
}

function helperFor(config: Fields, registry: string): string | undefined {
  const helpers = fieldsOf(config['credHelpers']);
  return stringOf(helpers[registry]) ?? (HUB_HOSTS.has(registry) ? stringOf(helpers[HUB_KEY]) : undefined);
}

/** Whether two keys name one host: old files have a scheme and a path. */
function sameHost(a: string, b: string): boolean {
  return hostOfKey(a) === hostOfKey(b);
}

function hostOfKey(key: string): string {
  return key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
