// Patterns of a shell in the modifiers of variables: `*` is any text, `?` any sign, a backslash takes the next sign as it is.
// Matched by hand: no pattern of a Dockerfile may make a regular expression run for ever.

/** `${A#pattern}` and its relatives: a doubled operator, i.e. `word` begins with it too, takes the longest match. */
export function trimPattern(value: string, side: 'start' | 'end', operator: string, word: string): string {
  const isLongest = word.startsWith(operator);
  const pattern = isLongest ? word.slice(1) : word;
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  for (const length of isLongest ? lengths.toReversed() : lengths) {
    const cut = side === 'start' ? length : value.length - length;
    const [head, tail] = [value.slice(0, cut), value.slice(cut)];
    if (matches(side === 'start' ? head : tail, pattern)) return side === 'start' ? tail : head;
  }
  return value;
}

/** `${A/pattern/replacement}`: the leftmost match, the longest there; with `isAll` those after it too. */
export function replacePattern(value: string, pattern: string, replacement: string, isAll: boolean): string {
  let out = '';
  let at = 0;
  while (at < value.length) {
    const length = longestMatch(value.slice(at), pattern);
    if (length === 0) {
      out += value.charAt(at++);
      continue;
    }
    out += replacement;
    at += length;
    if (!isAll) break;
  }
  return out + value.slice(at);
}

/** Length of the longest beginning that matches; 0 when none does, or only the empty one. */
function longestMatch(value: string, pattern: string): number {
  for (let length = value.length; length > 0; length--) {
    if (matches(value.slice(0, length), pattern)) return length;
  }
  return 0;
}

/** Whether all of `value` matches. Goes back to the last `*` only, which is enough, so that time stays a product of the lengths. */
function matches(value: string, pattern: string): boolean {
  const signs = signsOf(pattern);
  let [at, sign, star, starAt] = [0, 0, -1, 0];
  while (at < value.length) {
    const wanted = signs[sign];
    if (wanted === '*') {
      star = sign++;
      starAt = at;
    } else if (wanted !== undefined && (wanted === '?' || wanted === `=${value.charAt(at)}`)) {
      sign += 1;
      at += 1;
    } else if (star >= 0) {
      sign = star + 1;
      at = ++starAt;
    } else return false;
  }
  return signs.slice(sign).every((rest) => rest === '*');
}

/** `*`, `?`, or `=` and a literal sign. */
function signsOf(pattern: string): string[] {
  return [...pattern.matchAll(/\\([^])|([^])/g)].map(([, escaped, plain]) =>
    plain === '*' || plain === '?' ? plain : `=${escaped ?? plain ?? ''}`,
  );
}
