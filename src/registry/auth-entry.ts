// One entry of docker's `auths`, wherever it stands: in config.json, in a Kubernetes secret, in a message of CRI. No error
// here quotes the entry: all of it is secret.
import { UserError } from '../errors.ts';
import type { Credential } from './credentials.ts';

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The credential of an entry; undefined when it has none. `where` is for the message: what is wrong, and where.
 * @throws UserError when `auth` is not user:password.
 */
export function parseAuthEntry(entry: Fields, where: string): Credential | undefined {
  const identityToken = stringOf(entry['identitytoken']);
  if (identityToken !== undefined) return { kind: 'identity-token', identityToken };
  const registryToken = stringOf(entry['registrytoken']);
  if (registryToken !== undefined) return { kind: 'registry-token', registryToken };
  const auth = stringOf(entry['auth']);
  if (auth !== undefined) return decodeAuth(auth, where);
  const username = stringOf(entry['username']);
  const password = stringOf(entry['password']);
  return username === undefined || password === undefined ? undefined : { kind: 'password', username, password };
}

/** @throws UserError when it is not user:password in base64. */
export function decodeAuth(auth: string, where: string): Credential {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) throw new UserError(`${where} is not user:password in base64`);
  // Old clients padded with zero bytes.
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
}

/** A table, or an empty one in place of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** A text that says something. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
