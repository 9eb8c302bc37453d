// Bearer tokens from a registry's token endpoint: anonymous, with name and password, or for an identity token.
// https://distribution.github.io/distribution/spec/auth/token/, .../oauth/
import { LazypullError, RegistryError, UserError } from '../errors.ts';
import type { Credential } from './credentials.ts';
import { redactUrl, responseError } from './errors.ts';
import type { HttpRequest, Transport } from './transport.ts';

/** What the token specification assumes when the server says nothing. */
export const DEFAULT_TOKEN_LIFE_SEC = 60;
const MAX_TOKEN_LIFE_SEC = 86_400;
const MAX_ANSWER_BYTES = 1 << 20;
const CLIENT_ID = 'lazypull';

type PasswordCredential = Credential & { readonly kind: 'password' };

export interface TokenQuery {
  /** Where the registry's challenge sends us; already checked. */
  readonly realm: URL;
  readonly service: string;
  /** e.g. `repository:library/python:pull`; several with a space between. */
  readonly scope: string;
  readonly credential: Exclude<Credential, { kind: 'registry-token' }> | undefined;
}

/**
 * Fetches one token. Redirects are not followed: the request carries credentials.
 * @param extra what the transport is to know of the realm's host.
 * @throws RegistryError whose message names neither credential nor token.
 */
export async function fetchToken(
  transport: Transport,
  query: TokenQuery,
  extra: Pick<HttpRequest, 'tls' | 'untrusted'>,
  signal: AbortSignal,
): Promise<{ token: string; expiresInSec: number }> {
  const { credential } = query;
  const request =
    credential?.kind === 'identity-token'
      ? refreshRequest(query, credential.identityToken)
      : tokenRequest(query, credential);
  const response = await transport.send({ ...extra, ...request }, signal);
  if (response.status !== 200) {
    const error = await responseError(request.method, response);
    throw credential === undefined ? error : withCredentialHint(error);
  }
  return parseToken(await response.read(MAX_ANSWER_BYTES), request.method, query.realm);
}

/** The Authorization header for a name and password. */
export function basicHeader({ username, password }: PasswordCredential): string {
  if (username.includes(':')) throw new UserError('a user name for a registry must not contain a colon');
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenRequest({ realm, service, scope }: TokenQuery, credential?: PasswordCredential): HttpRequest {
  const url = new URL(realm);
  if (service !== '') url.searchParams.set('service', service);
  for (const one of scope.split(' ')) url.searchParams.append('scope', one);
  return { method: 'GET', url, ...(credential && { headers: { authorization: basicHeader(credential) } }) };
}

function refreshRequest({ realm, service, scope }: TokenQuery, identityToken: string): HttpRequest {
  const form = { grant_type: 'refresh_token', service, scope, client_id: CLIENT_ID, refresh_token: identityToken };
  return {
    method: 'POST',
    url: realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams(form)),
  };
}

function withCredentialHint(error: RegistryError): LazypullError {
  if (error.status !== 400 && error.status !== 401 && error.status !== 403) return error;
  const { method, url, status, diagnostics } = error;
  return new RegistryError(`${error.message}: the stored credentials were refused`, {
    method,
    url,
    status,
    diagnostics,
  });
}

function parseToken(body: Uint8Array, method: string, realm: URL): { token: string; expiresInSec: number } {
  const url = redactUrl(realm);
  const answer = parseFields(body);
  const token = answer['token'] || answer['access_token'];
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new RegistryError(`${method} ${url}: the answer has no token`, { method, url });
  }
  const expiresIn = Number(answer['expires_in']);
  return { token, expiresInSec: expiresIn > 0 ? Math.min(expiresIn, MAX_TOKEN_LIFE_SEC) : DEFAULT_TOKEN_LIFE_SEC };
}

function parseFields(body: Uint8Array): Record<string, unknown> {
  try {
    return (JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown> | null) ?? {};
  } catch {
    // Not passed on: the message of the parser quotes the answer.
    return {};
  }
}
