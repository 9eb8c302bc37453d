// Image pull secrets: which registries they are for, and with what. Programs that a secret names (credHelpers, credsStore)
// are never run: whoever may write a secret must not choose what root runs on a node.
// https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets
import { FormatError, LazypullError } from '../../errors.ts';
import { fieldsOf, parseAuthEntry, stringOf, type Fields } from '../../registry/auth-entry.ts';
import { parseCredentialKey, type CredentialKey } from '../../registry/credential-key.ts';
import type { Credential } from '../../registry/credentials.ts';

/** The types, and where each has its docker configuration. */
export const PULL_SECRET_TYPES = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
} as const;

export interface PullSecretEntry {
  readonly key: CredentialKey;
  readonly credential: Credential;
}

export interface PullSecret {
  readonly entries: readonly PullSecretEntry[];
  /** What is wrong with it; no secret. The other entries are good. */
  readonly problems: readonly string[];
}

/** `namespace/name`, which is the same for all versions of a secret. */
export function secretName(secret: Fields): string {
  const metadata = fieldsOf(secret['metadata']);
  return `${stringOf(metadata['namespace']) ?? ''}/${stringOf(metadata['name']) ?? ''}`;
}

export function secretVersion(secret: Fields): string {
  return stringOf(fieldsOf(secret['metadata'])['resourceVersion']) ?? '';
}

/** Reads a secret of one of the types. Never throws: a broken one must not hide others. */
export function parsePullSecret(secret: Fields): PullSecret {
  const type = stringOf(secret['type']) ?? '';
  if (!Object.hasOwn(PULL_SECRET_TYPES, type)) return { entries: [], problems: ['it is of another type'] };
  const field = PULL_SECRET_TYPES[type as keyof typeof PULL_SECRET_TYPES];
  try {
    const config = parseConfig(fieldsOf(secret['data'])[field], field);
    return parseAuths(field === '.dockercfg' ? config : fieldsOf(config['auths']));
  } catch (error) {
    if (!(error instanceof LazypullError)) throw error;
    return { entries: [], problems: [error.message] };
  }
}

function parseAuths(auths: Fields): PullSecret {
  const entries: PullSecretEntry[] = [];
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(auths)) {
    try {
      const key = parseCredentialKey(name);
      if (key === undefined) throw new FormatError(`${JSON.stringify(name.slice(0, 100))} names no registry`);
      const credential = parseAuthEntry(fieldsOf(entry), `the auth of ${name}`);
      if (credential !== undefined) entries.push({ key, credential });
    } catch (error) {
      if (!(error instanceof LazypullError)) throw error;
      problems.push(error.message);
    }
  }
  return { entries, problems };
}

function parseConfig(data: unknown, field: string): Fields {
  if (typeof data !== 'string') throw new FormatError(`it has no ${field}`);
  let config: unknown;
  try {
    config = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  } catch {
    // Not passed on: the message of the parser quotes the text.
    throw new FormatError(`its ${field} is not JSON`);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new FormatError(`its ${field} is no JSON object`);
  return config as Fields;
}
