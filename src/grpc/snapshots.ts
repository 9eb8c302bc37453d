// containerd's snapshots service, v1, over our snapshotter: translates messages, and nothing else. The namespace that
// a client may send as metadata is not looked at: containerd puts it into the keys.
import { LazypullError } from '../errors.ts';
import type { Labels } from '../snapshot/lazy.ts';
import type { Mount, SnapshotInfo, SnapshotKind } from '../snapshot/model.ts';
import type { Snapshotter } from '../snapshot/snapshotter.ts';
import { loadProto, serviceOf, type ServiceDefinition } from './load.ts';
import type { Methods } from './server.ts';

/** google.protobuf.Timestamp. */
export interface TimestampMessage {
  readonly seconds: number;
  readonly nanos: number;
}

/** containerd.services.snapshots.v1.Info. */
export interface InfoMessage {
  readonly name: string;
  readonly parent: string;
  readonly kind: 'UNKNOWN' | 'VIEW' | 'ACTIVE' | 'COMMITTED';
  readonly createdAt: TimestampMessage | null;
  readonly updatedAt: TimestampMessage | null;
  readonly labels: Labels;
}

/** containerd.types.Mount. */
export interface MountMessage {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly options: readonly string[];
}

interface KeyRequest {
  readonly key: string;
}

interface PrepareRequest extends KeyRequest {
  readonly parent: string;
  readonly labels: Labels;
}

interface CommitRequest extends KeyRequest {
  readonly name: string;
  readonly labels: Labels;
}

interface UpdateRequest {
  readonly info: InfoMessage | null;
  readonly updateMask: { readonly paths: readonly string[] } | null;
}

const KINDS = { view: 'VIEW', active: 'ACTIVE', committed: 'COMMITTED' } as const satisfies Record<
  SnapshotKind,
  string
>;
/** Snapshots in one message of List, as containerd has it. */
const LIST_BATCH = 100;

/** The service's description, for `GrpcServer.add` and `GrpcClient`. Parses files: keep what it returns. */
export function loadSnapshotsService(): ServiceDefinition {
  return serviceOf(loadProto('snapshots.proto'), 'containerd.services.snapshots.v1.Snapshots');
}

export function snapshotsService(snapshotter: Snapshotter): Methods {
  return {
    prepare: async ({ key, parent, labels }: PrepareRequest, signal) => ({
      mounts: (await snapshotter.prepare(key, parent, labels, signal)).map(mountMessage),
    }),
    view: async ({ key, parent, labels }: PrepareRequest, signal) => ({
      mounts: (await snapshotter.view(key, parent, labels, signal)).map(mountMessage),
    }),
    mounts: async ({ key }: KeyRequest, signal) => ({
      mounts: (await snapshotter.mounts(key, signal)).map(mountMessage),
    }),
    commit: async ({ name, key, labels }: CommitRequest, signal) => {
      await snapshotter.commit(name, key, labels, signal);
      return {};
    },
    remove: async ({ key }: KeyRequest) => {
      await snapshotter.remove(key);
      return {};
    },
    stat: async ({ key }: KeyRequest) => ({ info: infoMessage(await snapshotter.stat(key)) }),
    update: async ({ info, updateMask }: UpdateRequest) => {
      if (info === null) throw new LazypullError('INVALID_ARGUMENT', 'Update without info');
      return { info: infoMessage(await snapshotter.update(info.name, info.labels, updateMask?.paths ?? [])) };
    },
    list: ({ filters }: { filters: readonly string[] }) => listMessages(snapshotter, filters),
    usage: async ({ key }: KeyRequest, signal) => ({ ...(await snapshotter.usage(key, signal)) }),
    cleanup: async () => {
      await snapshotter.cleanup();
      return {};
    },
  };
}

async function* listMessages(
  snapshotter: Snapshotter,
  filters: readonly string[],
): AsyncGenerator<{ info: InfoMessage[] }> {
  const all = await snapshotter.list(filters);
  for (let at = 0; at < all.length; at += LIST_BATCH) yield { info: all.slice(at, at + LIST_BATCH).map(infoMessage) };
}

function mountMessage({ type, source, options }: Mount): MountMessage {
  return { type, source, target: '', options };
}

function infoMessage({ name, parent, kind, createdMs, updatedMs, labels }: SnapshotInfo): InfoMessage {
  return { name, parent, kind: KINDS[kind], createdAt: timestamp(createdMs), updatedAt: timestamp(updatedMs), labels };
}

function timestamp(ms: number): TimestampMessage {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
