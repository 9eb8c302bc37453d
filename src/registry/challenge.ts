// WWW-Authenticate: what a registry wants to see before it answers (RFC 9110 section 11.6.1).

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Parameters by lower-case name. */
  readonly params: ReadonlyMap<string, string>;
}

// One after the other: `name="quoted"`, `name=token`, or a scheme. Commas separate both parameters and challenges.
const ITEM =
  /\s*,*\s*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([!#$%&'*+.^_`|~0-9A-Za-z-]+))/y;

/** The challenges of a header; what can't be understood ends the list. */
export function parseChallenges(header: string | undefined): Challenge[] {
  const challenges: { scheme: string; params: Map<string, string> }[] = [];
  if (header === undefined) return challenges;
  ITEM.lastIndex = 0;
  for (let match = ITEM.exec(header); match !== null; match = ITEM.exec(header)) {
    const [, name, quoted, token, scheme] = match;
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), params: new Map() });
    else if (name !== undefined) {
      challenges.at(-1)?.params.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '');
    }
  }
  return challenges;
}
