// The messages of kubelet's credential provider protocol: a request on the program's stdin, a response on its stdout. Its
// helpers for ECR, ACR, GCR and Artifact Registry speak it. No error here quotes a response: it is secret.
// https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
import { FormatError } from '../errors.ts';
import { fieldsOf } from '../registry/auth-entry.ts';
import { parseCredentialKey, type CredentialKey } from '../registry/credential-key.ts';
import type { Credential } from '../registry/credentials.ts';

const API = 'credentialprovider.kubelet.k8s.io';
const API_VERSION = `${API}/v1`;
const CACHE_KEYS = ['Image', 'Registry', 'Global'] as const;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['\u00b5s', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** For what else an answer is good: the same image, all of a registry, everything. */
export type CacheKeyType = (typeof CACHE_KEYS)[number];

export interface ProviderAnswer {
  readonly cacheKeyType: CacheKeyType;
  /** Undefined when the provider does not say: the configuration does. */
  readonly cacheMs: number | undefined;
  readonly credentials: readonly { readonly key: CredentialKey; readonly credential: Credential }[];
}

/** The request for an image without tag and digest: `registry.test/team/app`. */
export function encodeProviderRequest(image: string): string {
  return JSON.stringify({ apiVersion: API_VERSION, kind: 'CredentialProviderRequest', image });
}

/**
 * Parses a response. Earlier versions of the protocol differ in nothing that we read.
 * @throws FormatError that says which part is wrong.
 */
export function parseProviderResponse(text: string): ProviderAnswer {
  const response = fieldsOf(parseJson(text));
  const [group, version = ''] = String(response['apiVersion']).split('/');
  if (response['kind'] !== 'CredentialProviderResponse' || group !== API || !version.startsWith('v1'))
    throw new FormatError(`it is no CredentialProviderResponse of ${API_VERSION}`);
  const cacheKeyType = CACHE_KEYS.find((one) => one === response['cacheKeyType']);
  if (cacheKeyType === undefined) throw new FormatError(`its cacheKeyType is none of ${CACHE_KEYS.join(', ')}`);
  const credentials = Object.entries(fieldsOf(response['auth'])).map(([pattern, entry]) => {
    const key = parseCredentialKey(pattern);
    const { username, password } = fieldsOf(entry);
    if (key === undefined || typeof username !== 'string' || typeof password !== 'string')
      throw new FormatError('an entry of its auth is no image pattern with username and password');
    return { key, credential: { kind: 'password', username, password } as const };
  });
  return { cacheKeyType, cacheMs: parseGoDuration(response['cacheDuration']), credentials };
}

/** Milliseconds of `5m`, `1h30m`, `0s`; undefined when there is none. @throws FormatError */
function parseGoDuration(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|\u00b5s|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new FormatError('its cacheDuration is no duration like "10m"');
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS.get(unit) ?? 0), 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not passed on: the message of the parser quotes the text.
    throw new FormatError('it is not JSON');
  }
}
