// The test registry's door: none, basic, or the distribution specification's bearer tokens with scopes and expiry.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Who may do what. */
export type RegistryAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'token';
      /** Without a user everybody gets a token; with one only who knows the password, or the identity token. */
      readonly username?: string;
      readonly password?: string;
      readonly identityToken?: string;
      readonly expiresInSec?: number;
      /** Where the token endpoint is, when it is not this registry. */
      readonly realm?: string;
    };

export class AuthGate {
  #auth: RegistryAuth | undefined;
  #tokens = new Map<string, { scopes: ReadonlySet<string>; expires: number }>();
  /** Tokens given out so far. */
  tokensIssued = 0;

  constructor(auth: RegistryAuth | undefined) {
    this.#auth = auth;
  }

  /** Other credentials from now on: what was right before is refused. Tokens stay good. */
  change(auth: RegistryAuth): void {
    this.#auth = auth;
  }

  /** Every token that was given out is worthless from now on. */
  expireTokens(): void {
    this.#tokens = new Map();
  }

  /** Whether the request may pass; when not, the 401 is written. `scope` is e.g. `repository:a/b:pull`. */
  admit(request: IncomingMessage, response: ServerResponse, baseUrl: string, scope: string): boolean {
    if (this.#auth === undefined) return true;
    const header = request.headers.authorization ?? '';
    if (this.#auth.kind === 'basic') {
      if (header === basic(this.#auth.username, this.#auth.password)) return true;
      return refuse(response, 'Basic realm="test registry"');
    }
    const token = this.#tokens.get(header.replace(/^Bearer /, ''));
    if (token !== undefined && token.expires > Date.now() && covers(token.scopes, scope)) return true;
    const realm = this.#auth.realm ?? `${baseUrl}/token`;
    const error = header === '' ? '' : ',error="invalid_token"';
    return refuse(response, `Bearer realm="${realm}",service="test registry",scope="${scope}"${error}`);
  }

  /** The token endpoint: GET with basic authentication, POST with a refresh token. `body` is the form of a POST. */
  serveToken(request: IncomingMessage, response: ServerResponse, url: URL, body: string): void {
    const auth = this.#auth;
    if (auth?.kind !== 'token') return void response.writeHead(404).end();
    const form = new URLSearchParams(body);
    const isPost = request.method === 'POST';
    const known = isPost
      ? auth.identityToken !== undefined && form.get('refresh_token') === auth.identityToken
      : request.headers.authorization === basic(auth.username ?? '', auth.password ?? '');
    if (auth.username !== undefined && !known) {
      response.writeHead(401, { 'content-type': 'application/json' });
      return void response.end('{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}');
    }
    const scopes = isPost ? (form.get('scope') ?? '').split(' ') : url.searchParams.getAll('scope');
    const expiresIn = auth.expiresInSec ?? 300;
    const token = randomUUID();
    this.#tokens.set(token, { scopes: new Set(scopes), expires: Date.now() + expiresIn * 1000 });
    this.tokensIssued += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(isPost ? { access_token: token, expires_in: expiresIn } : { token, expires_in: expiresIn }),
    );
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** `repository:a:pull` is covered by `repository:a:pull,push`. */
function covers(scopes: ReadonlySet<string>, wanted: string): boolean {
  const [type, name, actions = ''] = wanted.split(':');
  return [...scopes].some((scope) => {
    const [grantedType, grantedName, granted = ''] = scope.split(':');
    if (grantedType !== type || grantedName !== name) return false;
    return actions.split(',').every((action) => granted.split(',').includes(action));
  });
}

function refuse(response: ServerResponse, challenge: string): false {
  response.writeHead(401, { 'www-authenticate': challenge, 'content-type': 'application/json' });
  response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  return false;
}
