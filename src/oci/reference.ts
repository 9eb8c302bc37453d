// Image references as Docker and containerd understand them: `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`, where a first
// part without dot, colon or capital is no registry but a name on Docker Hub.
// Grammar: https://github.com/distribution/reference/blob/main/reference.go
import { FormatError } from '../errors.ts';
import { isDigest, type Digest } from './digest.ts';

/** A parsed reference in normal form. */
export interface ImageReference {
  /** Host and optional port, e.g. `docker.io`, `localhost:5000`, `[::1]:5000`. Not always the host to talk to. */
  readonly registry: string;
  /** e.g. `library/python` */
  readonly repository: string;
  readonly tag?: string;
  /** When there are both, the digest decides. */
  readonly digest?: Digest;
}

const DOCKER_HUB = 'docker.io';
const DEFAULT_TAG = 'latest';
/** Repository with its registry, as the reference grammar limits it. */
const MAX_NAME_LENGTH = 255;

const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const REGISTRY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?$`);
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const BARE_HEX = /^[0-9a-f]{64}$/;

/**
 * Parses a reference, adding `docker.io` and `library/` where they are left out. No tag is added.
 * @throws FormatError when `text` is not a reference.
 */
export function parseReference(text: string): ImageReference {
  const fail = (why: string): FormatError =>
    new FormatError(`not an image reference: ${JSON.stringify(text.slice(0, 300))}: ${why}`);
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw fail('the digest is not a sha256 digest');
  const beforeDigest = at === -1 ? text : text.slice(0, at);
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/');
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) throw fail('the tag is not valid');
  const { registry, repository } = splitName(hasTag ? beforeDigest.slice(0, colon) : beforeDigest);
  if (!REGISTRY.test(registry)) throw fail('the registry is not valid');
  if (!repository.split('/').every((component) => COMPONENT.test(component))) {
    throw fail('the repository must be lower-case letters and digits, separated by . _ - or /');
  }
  if (registry.length + 1 + repository.length > MAX_NAME_LENGTH) throw fail('it is too long');
  if (BARE_HEX.test(beforeDigest)) throw fail('64 hexadecimal digits are an image ID');
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The full form, e.g. `docker.io/library/python:3.12@sha256:...`. The inverse of `parseReference`. */
export function formatReference(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}${suffixOf(reference)}`;
}

/** The short form that people use: without `docker.io/` and `library/`. Parses to the same reference. */
export function familiarReference(reference: ImageReference): string {
  const { registry, repository } = reference;
  if (registry !== DOCKER_HUB) return formatReference(reference);
  const [, official] = /^library\/([^/]+)$/.exec(repository) ?? [];
  // "localhost/x" would be a registry and its repository.
  const [first = '', ...rest] = repository.split('/');
  const name = official ?? (rest.length > 0 && isRegistry(first) ? `${registry}/${repository}` : repository);
  return `${name}${suffixOf(reference)}`;
}

/** What the manifest URL ends in: the digest, else the tag, else `latest`. */
export function manifestReference(reference: ImageReference): string {
  return reference.digest ?? reference.tag ?? DEFAULT_TAG;
}

function suffixOf({ tag, digest }: ImageReference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  if (!isRegistry(first)) return hubName(name);
  const repository = name.slice(slash + 1);
  return first === DOCKER_HUB || first === 'index.docker.io' ? hubName(repository) : { registry: first, repository };
}

function hubName(repository: string): { registry: string; repository: string } {
  return { registry: DOCKER_HUB, repository: repository.includes('/') ? repository : `library/${repository}` };
}

/** Whether the first part of a name is a registry rather than a user on Docker Hub. */
function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
}
