// Addresses for the containers of a second Docker: a private /16 that nothing on the machine has, routes or asks. Docker
// looks only at its own networks and at routes when it chooses; what a default route leads to would be cut off unseen.
// The ranges that the machine's own Docker takes by itself (172.17.0.0/12, 192.168.0.0/16) come last.

/** An IPv4 range, as text `ADDRESS/BITS`. */
interface Range {
  readonly first: number;
  readonly size: number;
}

const BITS = 16;
/** Shorter ones mean everything: default routes, and the halves that VPNs lay over them. */
const MIN_BITS = 2;
const ADDRESS = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\d.])/g;

/** In the order in which they are tried; the last two are for measuring networks (RFC 2544), and nobody's. */
const CANDIDATES: readonly string[] = [
  ...numbers(213, 254).map((second) => `10.${second}.0.0/${BITS}`),
  ...numbers(64, 212).map((second) => `10.${second}.0.0/${BITS}`),
  ...numbers(16, 31).map((second) => `172.${second}.0.0/${BITS}`),
  '192.168.0.0/16',
  '198.18.0.0/16',
  '198.19.0.0/16',
];

/**
 * The first range that meets none of the addresses and ranges in `texts`: answers of `ip`, resolv.conf, whatever names
 * some. @returns `10.213.0.0/16`, or undefined when every one is taken.
 */
export function freeRange(texts: readonly string[]): string | undefined {
  const taken = texts.flatMap(rangesIn);
  return CANDIDATES.find((candidate) => rangesIn(candidate).every((range) => !taken.some((one) => meet(range, one))));
}

/** Parts of a range that freeRange gave. */
export function partsOf(range: string): {
  /** The bridge's own address, with the bits of its network. */
  readonly gateway: string;
  /** For networks that are made later, 128 of them. */
  readonly pool: string;
  readonly poolSize: 24;
} {
  const [, prefix] = /^(\d+\.\d+\.)0\.0\/16$/.exec(range) ?? [];
  if (prefix === undefined) throw new Error(`no range of isolated containers: ${JSON.stringify(range)}`);
  return { gateway: `${prefix}0.1/20`, pool: `${prefix}128.0/17`, poolSize: 24 };
}

function rangesIn(text: string): Range[] {
  return [...text.matchAll(ADDRESS)].flatMap(([, address = '', bits = '32']) => {
    const parts = address.split('.').map(Number);
    const length = Number(bits);
    if (parts.some((part) => part > 255) || length > 32 || length < MIN_BITS) return [];
    const size = 2 ** (32 - length);
    const value = parts.reduce((sum, part) => sum * 256 + part, 0);
    return [{ first: value - (value % size), size }];
  });
}

function meet(a: Range, b: Range): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
