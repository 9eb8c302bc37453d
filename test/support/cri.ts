// A client of containerd's CRI, as a kubelet is one: images by reference with a registry's password, pods in the host's
// network, containers in them. Only what the tests use; the messages are in proto/cri.proto.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import { serviceOf } from '../../src/grpc/load.ts';
import { GrpcClient } from '../grpc/client.ts';

/** What PullImage gets from a pod's pull secret. */
export interface CriAuth {
  readonly username: string;
  readonly password: string;
}

/** runtime.v1.Image. */
export interface CriImage {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
}

/** runtime.v1.ContainerStatus. */
export interface CriContainerStatus {
  readonly state: 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED' | 'CONTAINER_UNKNOWN';
  readonly exitCode: number;
  readonly imageRef: string;
  readonly reason: string;
  readonly message: string;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const PROTO = fileURLToPath(new URL('./proto/cri.proto', import.meta.url));
const services = loadSync(PROTO, { longs: Number, enums: String, defaults: true, arrays: true, objects: true });
const hostNetwork = { network: 'NODE', pid: 'CONTAINER', ipc: 'POD' } as const;

export class Cri implements Disposable {
  readonly #runtime: GrpcClient;
  readonly #images: GrpcClient;
  readonly #logs: string;
  #pods = 0;

  private constructor(socket: string, logs: string, imageSocket: string) {
    this.#runtime = new GrpcClient({ socket, service: serviceOf(services, 'runtime.v1.RuntimeService') });
    this.#images = new GrpcClient({ socket: imageSocket, service: serviceOf(services, 'runtime.v1.ImageService') });
    this.#logs = logs;
  }

  /**
   * Connects to a containerd and waits until its CRI, which comes after its other services, is there. Logs of containers
   * go below `logs`. `imageSocket` is where images are pulled, when that is somewhere else.
   * @throws LazypullError when CRI does not answer within 20 s.
   */
  static async connect(socket: string, logs: string, imageSocket: string = socket): Promise<Cri> {
    const cri = new Cri(socket, logs, imageSocket);
    const deadline = Date.now() + 20_000;
    for (;;) {
      try {
        await cri.version();
        return cri;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  /** The runtime's name and version: `containerd 1.7.24`. */
  async version(): Promise<string> {
    const answer = await this.runtime<{ runtimeName: string; runtimeVersion: string }>('Version', {});
    return `${answer.runtimeName} ${answer.runtimeVersion}`;
  }

  /** Types of the conditions that hold, e.g. `RuntimeReady`. */
  async conditions(): Promise<string[]> {
    const { status } = await this.runtime<{ status: { conditions: { type: string; status: boolean }[] } }>(
      'Status',
      {},
    );
    return status.conditions.filter((condition) => condition.status).map(({ type }) => type);
  }

  /** @returns the id of the image. @throws LazypullError with what containerd says. */
  async pull(image: string, auth?: CriAuth): Promise<string> {
    const { imageRef } = await this.#images.call<{ imageRef: string }>('PullImage', { image: { image }, auth });
    return imageRef;
  }

  async imageStatus(image: string): Promise<CriImage | undefined> {
    const answer = await this.#images.call<{ image: CriImage | null }>('ImageStatus', { image: { image } });
    return answer.image ?? undefined;
  }

  /** Waits until CRI has heard of an image that another client brought. @throws Error when it has not after 20 s. */
  async untilImage(image: string): Promise<CriImage> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = await this.imageStatus(image);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`CRI does not know ${image}`);
      await sleep(50);
    }
  }

  async images(): Promise<readonly CriImage[]> {
    return (await this.#images.call<{ images: CriImage[] }>('ListImages', {})).images;
  }

  /** Returns after containerd has collected the garbage. */
  async removeImage(image: string): Promise<void> {
    await this.#images.call('RemoveImage', { image: { image } });
  }

  /** A pod in the host's network, which needs no CNI. */
  async runPod(): Promise<CriPod> {
    const name = `pod${++this.#pods}`;
    const config = {
      metadata: { name, uid: `${name}-uid`, namespace: 'default', attempt: 0 },
      logDirectory: join(this.#logs, name),
      linux: { securityContext: { namespaceOptions: hostNetwork } },
    };
    const { podSandboxId } = await this.runtime<{ podSandboxId: string }>('RunPodSandbox', { config });
    return new CriPod(this, podSandboxId, config);
  }

  /** A call of the runtime service. */
  runtime<Response>(method: string, request: object): Promise<Response> {
    return this.#runtime.call<Response>(method, request);
  }

  [Symbol.dispose](): void {
    this.#runtime[Symbol.dispose]();
    this.#images[Symbol.dispose]();
  }
}

/** A pod. Disposing stops and removes it with its containers. */
export class CriPod implements AsyncDisposable {
  readonly id: string;
  readonly #cri: Cri;
  readonly #config: { readonly logDirectory: string };
  #containers = 0;
  #removed = false;

  constructor(cri: Cri, id: string, config: { readonly logDirectory: string }) {
    this.#cri = cri;
    this.id = id;
    this.#config = config;
  }

  /** Creates and starts a container of an image that is there. */
  async start(image: string, command: readonly string[]): Promise<CriContainer> {
    const name = `container${++this.#containers}`;
    const logPath = `${name}.log`;
    const { containerId } = await this.#cri.runtime<{ containerId: string }>('CreateContainer', {
      podSandboxId: this.id,
      config: {
        metadata: { name, attempt: 0 },
        image: { image },
        command,
        logPath,
        linux: { securityContext: { namespaceOptions: hostNetwork } },
      },
      sandboxConfig: this.#config,
    });
    await this.#cri.runtime('StartContainer', { containerId });
    return new CriContainer(this.#cri, containerId, join(this.#config.logDirectory, logPath));
  }

  async remove(): Promise<void> {
    this.#removed = true;
    await this.#cri.runtime('StopPodSandbox', { podSandboxId: this.id });
    await this.#cri.runtime('RemovePodSandbox', { podSandboxId: this.id });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#removed) await this.remove();
  }
}

export class CriContainer {
  readonly id: string;
  readonly #cri: Cri;
  readonly #logPath: string;

  constructor(cri: Cri, id: string, logPath: string) {
    this.#cri = cri;
    this.id = id;
    this.#logPath = logPath;
  }

  async exec(...cmd: string[]): Promise<ExecResult> {
    const { stdout, stderr, exitCode } = await this.#cri.runtime<{ stdout: Buffer; stderr: Buffer; exitCode: number }>(
      'ExecSync',
      { containerId: this.id, cmd, timeout: 60 },
    );
    return { stdout: stdout.toString(), stderr: stderr.toString(), exitCode };
  }

  async status(): Promise<CriContainerStatus> {
    const request = { containerId: this.id };
    return (await this.#cri.runtime<{ status: CriContainerStatus }>('ContainerStatus', request)).status;
  }

  /** Its end. @throws Error when it still runs after 30 s. */
  async exited(): Promise<CriContainerStatus> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const status = await this.status();
      if (status.state === 'CONTAINER_EXITED') return status;
      if (Date.now() > deadline) throw new Error(`container ${this.id} is ${status.state}`);
      await sleep(20);
    }
  }

  /** Lines of the log, as `stdout text`. The time in front and the mark of a whole line are left out. */
  async log(): Promise<string[]> {
    const lines = (await readFile(this.#logPath, 'utf8')).trimEnd().split('\n');
    return lines.map((line) => line.replace(/^\S+ (stdout|stderr) F /, '$1 '));
  }

  async stop(): Promise<void> {
    await this.#cri.runtime('StopContainer', { containerId: this.id, timeout: 0 });
  }

  async remove(): Promise<void> {
    await this.#cri.runtime('RemoveContainer', { containerId: this.id });
  }
}
