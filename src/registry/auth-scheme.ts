// How a registry host wants to see who asks: what its challenge says, checked, and what follows from it for the headers that
// are kept.
import { RegistryError } from '../errors.ts';
import { parseChallenges } from './challenge.ts';
import { redactUrl } from './errors.ts';
import type { HttpResponse } from './transport.ts';

export type Bearer = { readonly kind: 'bearer'; readonly realm: URL; readonly service: string };
export type Scheme = { readonly kind: 'basic' } | Bearer;

/** The challenge of an answer that we can meet; bearer before basic. @throws RegistryError when it is not safe to. */
export function parseScheme(response: HttpResponse, base: URL): Scheme | undefined {
  const challenges = parseChallenges(response.header('www-authenticate'));
  const bearer = challenges.find(({ scheme, params }) => scheme === 'bearer' && params.has('realm'));
  if (bearer === undefined) return challenges.some(({ scheme }) => scheme === 'basic') ? { kind: 'basic' } : undefined;
  const realm = URL.parse(bearer.params.get('realm') ?? '');
  const clearIsAllowed = base.protocol === 'http:';
  if (realm?.protocol !== 'https:' && !(clearIsAllowed && realm?.protocol === 'http:')) {
    const facts = { method: 'GET', url: redactUrl(response.url), status: response.status };
    throw new RegistryError(`${facts.url}: the token endpoint it names is not an https URL`, facts);
  }
  realm.username = '';
  realm.password = '';
  realm.hash = '';
  return { kind: 'bearer', realm, service: bearer.params.get('service') ?? '' };
}

/** Under which name a header is kept: a token by its scope, a password by its repository. */
export function keyOf(scheme: Scheme, scope: string): string {
  return scheme.kind === 'basic' ? `basic ${repositoryOf(scope)}` : scope;
}

/** `a/b` of `repository:a/b:pull`; of several scopes the first one's, which is what the request is for. '' of none. */
export function repositoryOf(scope: string): string {
  return /^repository:([^:\s]+):/.exec(scope)?.[1] ?? '';
}
