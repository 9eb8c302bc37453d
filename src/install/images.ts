// Images of which containerd has no layers, because they were pulled lazily, are of no use to it without the snapshotter: a new
// pod would fail instead of pulling. So they are removed, and those that are whole let go of their snapshots. Snapshots that
// containers stand on stay until these end.
import { Connection } from '../containerd/connection.ts';
import { labelContent, lookupContent, readContent } from '../containerd/content.ts';
import { isDigest, type Digest } from '../oci/digest.ts';
import { SNAPSHOTTER } from './containerd-config.ts';

const IMAGES = 'containerd.services.images.v1.Images';
const LEASES = 'containerd.services.leases.v1.Leases';
const LABEL = `containerd.io/gc.ref.snapshot.${SNAPSHOTTER}`;
const MAX_DOCUMENT_BYTES = 8 << 20;
const MAX_DEPTH = 4;

/** Names of images that were removed, with their namespace: `k8s.io registry/app:1`. */
export async function releaseImages(address: string): Promise<string[]> {
  const removed: string[] = [];
  for (const namespace of await namespacesOf(address)) {
    using connection = await Connection.open({ address, namespace });
    const names = await releaseNamespace(connection);
    removed.push(...names.map((name) => `${namespace} ${name}`));
  }
  return removed;
}

async function namespacesOf(address: string): Promise<string[]> {
  using connection = await Connection.open({ address, namespace: 'default' });
  const method = ['containerd.services.namespaces.v1.Namespaces', 'List'] as const;
  const { namespaces } = await connection.call<{ namespaces: readonly { readonly name: string }[] }>(method, {});
  return namespaces.map(({ name }) => name);
}

async function releaseNamespace(connection: Connection): Promise<string[]> {
  interface Listed {
    readonly images: readonly { readonly name: string; readonly target: { readonly digest: string } }[];
  }
  const { images } = await connection.call<Listed>([IMAGES, 'List'], { filters: [] });
  const removed: string[] = [];
  const configs = new Set<Digest>();
  for (const { name, target } of images) {
    const use = await useOf(connection, target.digest);
    if (use.lacksLayers) {
      await connection.call([IMAGES, 'Delete'], { name });
      removed.push(name);
    } else for (const config of use.configs) configs.add(config);
  }
  for (const config of configs) await labelContent(connection, config, { [LABEL]: '' });
  await collectGarbage(connection);
  return removed;
}

/** What an image has to do with the snapshotter. */
interface Use {
  /** Configs that hold snapshots of it. */
  readonly configs: readonly Digest[];
  /** Whether one of the manifests that it is unpacked from has layers that are not there. */
  readonly lacksLayers: boolean;
}

const NO_USE: Use = { configs: [], lacksLayers: false };

async function useOf(connection: Connection, digest: string, depth = 0): Promise<Use> {
  const document = depth < MAX_DEPTH && isDigest(digest) ? await readDocument(connection, digest) : undefined;
  if (document === undefined) return NO_USE;
  const { manifests, config, layers = [] } = document;
  if (manifests !== undefined) {
    const uses = await Promise.all(manifests.map((child) => useOf(connection, child.digest, depth + 1)));
    return { configs: uses.flatMap(({ configs }) => configs), lacksLayers: uses.some((use) => use.lacksLayers) };
  }
  if (config === undefined || !isDigest(config.digest)) return NO_USE;
  const info = await lookupContent(connection, config.digest);
  if (info?.labels[LABEL] === undefined) return NO_USE;
  const found = await Promise.all(
    layers.map(async (layer) => isDigest(layer.digest) && (await lookupContent(connection, layer.digest))),
  );
  return { configs: [config.digest], lacksLayers: found.some((layer) => !layer) };
}

interface Document {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/** An index or manifest; undefined for what is not there, as other platforms' manifests are not. */
async function readDocument(connection: Connection, digest: Digest): Promise<Document | undefined> {
  if ((await lookupContent(connection, digest)) === undefined) return undefined;
  const bytes = await readContent(connection, digest, MAX_DOCUMENT_BYTES);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Document;
  } catch {
    return undefined;
  }
}

/** Deleting a lease at once is how containerd is told to look through what it has. */
async function collectGarbage(connection: Connection): Promise<void> {
  const id = `lazypull-uninstall-${process.pid}`;
  await connection.call([LEASES, 'Create'], { id, labels: {} });
  await connection.call([LEASES, 'Delete'], { id, sync: true });
}
