// A world whose containerd serves CRI: its pause image comes lazily from a registry of its own, so that the tested
// registry may ask for passwords, which no sandbox image is pulled with.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cri } from './cri.ts';
import type { ImageName } from './images.ts';
import type { PulledLayers } from './layer-states.ts';
import { addLayeredImage, busyboxLayer } from './layered-image.ts';
import { TestRegistry } from './registry.ts';
import { startWorld, type World } from './world.ts';

export interface CriWorldOptions {
  readonly version: '1.7' | '2';
  readonly images?: readonly ImageName[];
  readonly registry?: TestRegistry;
  /** More of the daemon's config.toml: keys before tables. */
  readonly config?: string;
  /** Images are pulled through the daemon, as by a kubelet with `--image-service-endpoint`. */
  readonly proxied?: boolean;
}

export class CriWorld implements AsyncDisposable {
  readonly world: World;
  readonly cri: Cri;
  /** Where the pause image comes from. */
  readonly pauses: TestRegistry;
  readonly sandboxImage: string;

  constructor(world: World, cri: Cri, pauses: TestRegistry, sandboxImage: string) {
    this.world = world;
    this.cri = cri;
    this.pauses = pauses;
    this.sandboxImage = sandboxImage;
  }

  /** How the layers of an image came, by the reference that it was pulled with, into a namespace of containerd. */
  async layers(ref: string, namespace = 'k8s.io'): Promise<PulledLayers> {
    const { images } = await this.world.daemon.status();
    return {
      layers: images.filter((image) => image.ref === ref).flatMap(({ layers }) => layers),
      content: new Set(await this.ctr(namespace, 'content', 'ls', '-q')),
    };
  }

  /** Lines that `ctr` writes in a namespace. */
  async ctr(namespace: string, ...args: readonly string[]): Promise<string[]> {
    const { stdout } = await this.world.containerd.ctr(['--namespace', namespace, ...args]);
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** Waits for containerd's garbage collector, which lets the last layers go after a call has been answered. */
  async untilNoImages(): Promise<void> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { images } = await this.world.daemon.status();
      if (images.length === 0) return;
      if (Date.now() > deadline) throw new Error(`images are left: ${JSON.stringify(images)}`);
      await sleep(50);
    }
  }

  /** Everything of the daemon that is mounted. */
  get daemonMounts(): string[] {
    return this.world.mounts.filter((path) => path.startsWith(`${this.world.daemon.dir}/`));
  }

  /** Where layers are mounted. */
  get layerMounts(): string[] {
    return this.world.mounts.filter((path) => path.startsWith(join(this.world.daemon.dir, 'root', 'm')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cri[Symbol.dispose]();
    await this.world[Symbol.asyncDispose]();
    await this.pauses.close();
  }
}

/** Starts all of it. */
export async function startCriWorld(options: CriWorldOptions): Promise<CriWorld> {
  const pauses = await TestRegistry.start();
  const pause = addLayeredImage(pauses, 'pause', [busyboxLayer('sleep')], {
    estargz: true,
    command: ['/bin/sleep', '1000000'],
  });
  const { proxied = false, config = '' } = options;
  const world = await startWorld({
    images: [],
    ...options,
    config: (dir) => `${proxied ? proxyConfig(dir) : ''}${config}`,
    cri: { sandboxImage: pause.ref },
  });
  world.containerd.addRegistry(pauses.host, pauses.url);
  const images = proxied ? criSocket(world.dir) : world.containerd.socketPath;
  const cri = await Cri.connect(world.containerd.socketPath, join(world.dir, 'pod-logs'), images);
  return new CriWorld(world, cri, pauses, pause.ref);
}

/** Where the daemon of a world offers CRI's image service. */
export function criSocket(dir: string): string {
  return join(dir, 'lazypull', 'state', 'cri.sock');
}

function proxyConfig(dir: string): string {
  const forward = join(dir, 'containerd', 'containerd.sock');
  return `credentials.cri.socket = "${criSocket(dir)}"\ncredentials.cri.forward = "${forward}"\n`;
}
