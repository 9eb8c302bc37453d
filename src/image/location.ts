// Where an image lies or is to lie, as people write it: a registry reference, or one of the transports that skopeo and
// Podman made known. Only text is looked at here; what is there shows when it is opened.
import { UserError } from '../errors.ts';
import { formatReference, parseReference, type ImageReference } from '../oci/reference.ts';

/** A parsed SRC or DST. Paths are as they were given. */
export type ImageLocation =
  | { readonly kind: 'registry'; readonly reference: ImageReference }
  | { readonly kind: 'oci'; readonly path: string; readonly tag: string | undefined }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag: string | undefined }
  /** `image` is the `name:tag` of one of several images. */
  | { readonly kind: 'docker-archive'; readonly path: string; readonly image: string | undefined }
  /** Standard input or output. */
  | { readonly kind: 'stream' }
  /** `name` is as it was given: containerd's names are free. */
  | { readonly kind: 'containerd'; readonly name: string; readonly reference: ImageReference };

const FORMS =
  'Images are named REGISTRY/NAME:TAG, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME:TAG], containerd:NAME, or - for a pipe.';

/** Transports of other tools, with what to use instead. */
const FOREIGN: Readonly<Record<string, string>> = {
  'docker-daemon':
    'Use `docker save NAME | lazypull ... -`, or containerd:NAME when docker uses the containerd image store.',
  'containers-storage': 'Use `podman save --format oci-archive NAME | lazypull ... -`.',
  dir: 'Use oci:DIR, as `skopeo copy dir:... oci:DIR` makes it.',
  'docker-image': 'Leave out docker-image://.',
  http: 'Leave out http://; --plain-http reaches a registry without TLS.',
  https: 'Leave out https://.',
};

/**
 * Parses what a user calls an image. A registry reference may have `docker://` in front.
 * @throws UserError that says what to write instead.
 */
export function parseLocation(text: string): ImageLocation {
  if (text === '-') return { kind: 'stream' };
  if (text === '') throw new UserError('the name of an image is empty', FORMS);
  const [, transport = '', rest = ''] = /^([a-z][a-z-]*):(.*)$/s.exec(text) ?? [];
  switch (transport) {
    case 'oci':
    case 'oci-archive': {
      const { path, after } = splitPath(transport, transport === 'oci' ? 'DIR' : 'FILE', rest);
      return { kind: transport, path, tag: after };
    }
    case 'docker-archive': {
      const { path, after } = splitPath(transport, 'FILE', rest);
      if (after !== undefined) parseNamed(text, after);
      return { kind: transport, path, image: after };
    }
    case 'containerd':
      return { kind: transport, name: rest, reference: withTag(parseNamed(text, rest)) };
    case 'docker':
      if (rest.startsWith('//')) return { kind: 'registry', reference: parseNamed(text, rest.slice(2)) };
  }
  const foreign = FOREIGN[transport];
  if (foreign !== undefined && (rest.startsWith('/') || transport.includes('-'))) {
    throw new UserError(`lazypull can't read or write ${transport}: images`, foreign);
  }
  return { kind: 'registry', reference: parseNamed(text, text) };
}

/** The text that parses to this location; it names the image in messages. */
export function formatLocation(location: ImageLocation): string {
  switch (location.kind) {
    case 'registry':
      return formatReference(location.reference);
    case 'stream':
      return '-';
    case 'containerd':
      return `containerd:${location.name}`;
    case 'docker-archive':
      return `docker-archive:${location.path}${location.image === undefined ? '' : `:${location.image}`}`;
    default:
      return `${location.kind}:${location.path}${location.tag === undefined ? '' : `:${location.tag}`}`;
  }
}

/** As skopeo does it: the path ends at the first colon. */
function splitPath(transport: string, noun: string, rest: string): { path: string; after: string | undefined } {
  const colon = rest.indexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const after = colon === -1 ? undefined : rest.slice(colon + 1);
  if (path === '')
    throw new UserError(`${transport}: without a ${noun}`, `Write ${transport}:${noun} or ${transport}:${noun}:TAG.`);
  if (path.startsWith('//')) {
    throw new UserError(`${transport}:// is not a path`, `Write ${transport}:${path.replace(/^\/+/, '/')}.`);
  }
  if (after === '')
    throw new UserError(`${transport}:${path}: without a tag after the colon`, `Write ${transport}:${path}.`);
  return { path, after };
}

function parseNamed(text: string, name: string): ImageReference {
  try {
    return parseReference(name);
  } catch (cause) {
    throw new UserError((cause as Error).message, betterName(text, name), { cause });
  }
}

/** What was meant, probably. */
function betterName(text: string, name: string): string {
  if (/^(\.{0,2}\/|~)/.test(name) || /\.(tar|tgz|tar\.gz)$/.test(name)) {
    return `For a file write oci-archive:${name} or docker-archive:${name}, for a folder oci:${name}.`;
  }
  const at = name.indexOf('@');
  const colon = name.indexOf(':', name.lastIndexOf('/'));
  const end = Math.min(at === -1 ? Infinity : at, colon === -1 ? Infinity : colon);
  const lower = end === Infinity ? name.toLowerCase() : `${name.slice(0, end).toLowerCase()}${name.slice(end)}`;
  if (lower !== name && parses(lower))
    return `Names have no capitals: ${text.slice(0, text.length - name.length)}${lower}`;
  return FORMS;
}

function parses(name: string): boolean {
  try {
    parseReference(name);
    return true;
  } catch {
    return false;
  }
}

function withTag(reference: ImageReference): ImageReference {
  return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
}
