// Why layers were not lazy, in words for somebody who has never heard of a table of contents, and what to do about it.
import type { NotLazy } from '../../src/snapshot/lazy.ts';

interface Explanation {
  /** A few words that follow "2 of 4 layers:". */
  readonly words: string;
  readonly remedy: string;
}

const EXPLANATIONS: Readonly<Record<NotLazy['kind'], Explanation>> = {
  'no-labels': {
    words: 'the client named no layer',
    remedy: 'pull with docker, buildx or `lazypull pull`; `ctr images pull` of containerd 1.7 never names them',
  },
  'not-estargz': {
    words: 'not in a lazily pullable format',
    remedy: 'make a lazily pullable copy of the image with the convert action',
  },
  unverifiable: {
    words: 'nothing vouches for its contents',
    remedy: 'make a copy of the image with the convert action: it writes the digests that are missing',
  },
  invalid: {
    words: 'its table of contents is damaged or unsafe',
    remedy: 'push the image again, or convert it again',
  },
  registry: {
    words: 'the registry did not give parts of it',
    remedy: 'see whether the registry can be reached, answers range requests, and knows the credentials of this job',
  },
  unsupported: {
    words: 'this machine or format allows no lazy mount',
    remedy: 'see the reason; a runner needs root, /dev/fuse and the right to mount',
  },
  disk: { words: 'the disk is full', remedy: 'free space on the runner before this step' },
  error: { words: 'an unforeseen error', remedy: 'please report it with the log of this step' },
};

/** A few words for a kind. */
export function wordsFor(kind: NotLazy['kind']): string {
  // A daemon that is newer than this may know more kinds.
  return (EXPLANATIONS[kind] ?? EXPLANATIONS.error).words;
}

/** What the user can do. */
export function remedyFor(kind: NotLazy['kind']): string {
  return (EXPLANATIONS[kind] ?? EXPLANATIONS.error).remedy;
}
