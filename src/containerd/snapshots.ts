// containerd's snapshots service, from the client's side: through containerd, so that its namespaces, leases and garbage
// collection know of what we make.
import { hasCode, type Connection } from './connection.ts';

const SERVICE = 'containerd.services.snapshots.v1.Snapshots';

export type Labels = Readonly<Record<string, string>>;

/** What mount(2) needs, as the snapshotter says it; passed on to the diff service as it is. */
export interface Mount {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly options: readonly string[];
}

export interface SnapshotInfo {
  readonly name: string;
  readonly parent: string;
  readonly kind: 'UNKNOWN' | 'VIEW' | 'ACTIVE' | 'COMMITTED';
  readonly labels: Labels;
}

/** Snapshots of one snapshotter. */
export class Snapshots {
  readonly #connection: Connection;
  readonly #snapshotter: string;

  constructor(connection: Connection, snapshotter: string) {
    this.#connection = connection;
    this.#snapshotter = snapshotter;
  }

  /** @throws LazypullError ALREADY_EXISTS, which with a `containerd.io/snapshot.ref` label can mean that the layer is there. */
  async prepare(key: string, parent: string, labels: Labels, signal?: AbortSignal): Promise<readonly Mount[]> {
    return (await this.#call<{ mounts: Mount[] }>('Prepare', { key, parent, labels }, signal)).mounts;
  }

  async commit(name: string, key: string, labels: Labels, signal?: AbortSignal): Promise<void> {
    await this.#call('Commit', { name, key, labels }, signal);
  }

  /** @returns undefined when there is no such snapshot. */
  async lookup(key: string, signal?: AbortSignal): Promise<SnapshotInfo | undefined> {
    try {
      return (await this.#call<{ info: SnapshotInfo }>('Stat', { key }, signal)).info;
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }

  async remove(key: string, signal?: AbortSignal): Promise<void> {
    await this.#call('Remove', { key }, signal);
  }

  #call<Response>(method: string, request: object, signal?: AbortSignal): Promise<Response> {
    return this.#connection.call([SERVICE, method], { snapshotter: this.#snapshotter, ...request }, signal);
  }
}
