// Tokens of the cache service: JSON Web Tokens whose claim `ac` lists cache scopes with permissions, as the runtime
// tokens of GitHub's runners have it. A job may write to its own branch and read that of the default branch too.
import { createHmac, timingSafeEqual } from 'node:crypto';

const READ = 1;
const WRITE = 2;

/** What a token allows in one scope. A scope is a ref, such as `refs/heads/main`. */
export interface CacheScope {
  readonly scope: string;
  readonly read: boolean;
  readonly write: boolean;
}

/** Who a token is for. */
export interface TokenOptions {
  /** Default `refs/heads/main`. */
  readonly ref?: string;
  /** The default branch, readable for every job. Default `refs/heads/main`. */
  readonly defaultRef?: string;
  /** `write` reads too; `none` allows nothing. Default `write`. */
  readonly mode?: 'none' | 'read' | 'write' | 'write-only';
}

/** Scopes of a job in the order of lookup: its own ref, then the default branch. */
export function scopesOf(options: TokenOptions = {}): CacheScope[] {
  const { ref = 'refs/heads/main', defaultRef = 'refs/heads/main', mode = 'write' } = options;
  const read = mode === 'read' || mode === 'write';
  const own = { scope: ref, read, write: mode === 'write' || mode === 'write-only' };
  return ref === defaultRef ? [own] : [own, { scope: defaultRef, read, write: false }];
}

/** @param key signs; the same key must read it. */
export function encodeToken(scopes: readonly CacheScope[], key: string): string {
  const ac = scopes.map(({ scope, read, write }) => ({
    Scope: scope,
    Permission: (read ? READ : 0) | (write ? WRITE : 0),
  }));
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { ac: JSON.stringify(ac), scp: 'Actions.Results:run:job' },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign(signed, key)}`;
}

/** Scopes of a token; undefined when it was not signed with this key. */
export function parseToken(token: string, key: string): CacheScope[] | undefined {
  const dot = token.lastIndexOf('.');
  const signed = token.slice(0, dot);
  const expected = Buffer.from(sign(signed, key));
  const got = Buffer.from(token.slice(dot + 1));
  if (dot === -1 || expected.length !== got.length || !timingSafeEqual(expected, got)) return undefined;
  const claims = JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()) as { ac: string };
  const scopes = JSON.parse(claims.ac) as { Scope: string; Permission: number }[];
  return scopes.map(({ Scope, Permission }) => ({
    scope: Scope,
    read: (Permission & READ) !== 0,
    write: (Permission & WRITE) !== 0,
  }));
}

function sign(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
