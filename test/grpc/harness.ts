// A snapshotter behind a real gRPC server on a unix socket, with a real client, in a directory of its own.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcClient } from './client.ts';
import { GrpcServer } from '../../src/grpc/server.ts';
import {
  loadSnapshotsService,
  snapshotsService,
  type InfoMessage,
  type MountMessage,
} from '../../src/grpc/snapshots.ts';
import type { Labels } from '../../src/snapshot/lazy.ts';
import { Snapshotter } from '../../src/snapshot/snapshotter.ts';
import { FakeLazy } from '../snapshot/fake-lazy.ts';
import { unmountBelow } from './mounting.ts';

const service = loadSnapshotsService();

export class Harness implements AsyncDisposable {
  /** A directory for everything; removed at the end. */
  readonly folder: string = mkdtempSync(join(tmpdir(), 'lazypull-snap-'));
  readonly root: string = join(this.folder, 'root');
  readonly socket: string = join(this.folder, 'run/s.sock');
  readonly lazy: FakeLazy = new FakeLazy();
  #snapshotter: Snapshotter | undefined;
  #server: GrpcServer | undefined;
  #client: GrpcClient | undefined;

  static async start(): Promise<Harness> {
    const harness = new Harness();
    await harness.start();
    return harness;
  }

  async start(): Promise<void> {
    this.#snapshotter = await Snapshotter.open({ root: this.root, lazy: this.lazy });
    this.#server = new GrpcServer();
    this.#server.add(service, snapshotsService(this.#snapshotter));
    await this.#server.listen(this.socket);
    this.#client = new GrpcClient({ socket: this.socket, service });
  }

  async stop(): Promise<void> {
    this.#client?.[Symbol.dispose]();
    await this.#server?.close();
    await this.#snapshotter?.close();
  }

  /** Behind the socket, for what has no call. */
  get snapshotter(): Snapshotter {
    if (this.#snapshotter === undefined) throw new Error('not started');
    return this.#snapshotter;
  }

  call<T>(method: string, request: object, signal?: AbortSignal): Promise<T> {
    if (this.#client === undefined) throw new Error('not started');
    return this.#client.call<T>(method, request, signal);
  }

  async prepare(key: string, parent = '', labels: Labels = {}): Promise<MountMessage[]> {
    return (await this.call<{ mounts: MountMessage[] }>('Prepare', { key, parent, labels })).mounts;
  }

  async view(key: string, parent = '', labels: Labels = {}): Promise<MountMessage[]> {
    return (await this.call<{ mounts: MountMessage[] }>('View', { key, parent, labels })).mounts;
  }

  async mounts(key: string): Promise<MountMessage[]> {
    return (await this.call<{ mounts: MountMessage[] }>('Mounts', { key })).mounts;
  }

  async commit(name: string, key: string, labels: Labels = {}): Promise<void> {
    await this.call('Commit', { name, key, labels });
  }

  async remove(key: string): Promise<void> {
    await this.call('Remove', { key });
  }

  async stat(key: string): Promise<InfoMessage> {
    return (await this.call<{ info: InfoMessage }>('Stat', { key })).info;
  }

  async update(info: object, ...paths: string[]): Promise<InfoMessage> {
    return (await this.call<{ info: InfoMessage }>('Update', { info, updateMask: { paths } })).info;
  }

  async list(...filters: string[]): Promise<InfoMessage[]> {
    if (this.#client === undefined) throw new Error('not started');
    const all: InfoMessage[] = [];
    for await (const { info } of this.#client.stream<{ info: InfoMessage[] }>('List', { filters })) all.push(...info);
    return all;
  }

  async names(...filters: string[]): Promise<string[]> {
    return (await this.list(...filters)).map(({ name }) => name).toSorted();
  }

  async usage(key: string): Promise<{ size: number; inodes: number }> {
    return this.call('Usage', { key });
  }

  /** A new directory, e.g. to mount on. */
  directory(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    unmountBelow(this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }
}
