// Podman and skopeo with a containers/storage of their own, which pulls layers in parts where it can. Nothing of the
// machine's own storage, locks or caches takes part.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unmountBelow } from './mounts.ts';
import { requireProgram } from './needs.ts';
import { run, type RunResult } from './run.ts';

/** Names for `needs()`. */
export const CONTAINERS_PROGRAMS = ['containers/skopeo', 'containers/podman', 'containers/conmon'] as const;

/** What a pull did. */
export interface StoragePull {
  /** Digests of layers of which only what lacked was fetched. */
  readonly partial: readonly string[];
  /** For each of them, how many of its bytes were not in the storage yet, of how many. */
  readonly missing: readonly { readonly bytes: number; readonly of: number }[];
  readonly log: string;
}

/** A storage in a folder below /var/tmp. Disposing removes it. */
export class ContainersStorage implements AsyncDisposable {
  readonly dir: string = mkdtempSync('/var/tmp/lazypull-storage-');
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    const { dir } = this;
    const write = (name: string, text: string): string => {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    };
    const storage = `[storage]
driver = "overlay"
graphroot = "${dir}/root"
runroot = "${dir}/run"
[storage.options]
pull_options = {enable_partial_images = "true", use_hard_links = "false", ostree_repos = ""}
`;
    const podman = `[engine]
conmon_path = ["${requireProgram('containers/conmon')}"]
helper_binaries_dir = ["${dirname(requireProgram('containers/conmon'))}"]
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
runtime = "runc"
[engine.runtimes]
runc = ["${requireProgram('runc')}"]
`;
    write('policy.json', '{"default": [{"type": "insecureAcceptAnything"}]}');
    this.#env = {
      ...process.env,
      CONTAINERS_STORAGE_CONF: write('storage.conf', storage),
      CONTAINERS_CONF: write('containers.conf', podman),
      CONTAINERS_REGISTRIES_CONF: write('registries.conf', ''),
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
      HOME: dir,
      XDG_RUNTIME_DIR: dir,
      TMPDIR: dir,
    };
  }

  /** `podman pull` over plain http. */
  async pull(reference: string): Promise<StoragePull> {
    const policy = join(this.dir, 'policy.json');
    const args = ['--log-level=debug', 'pull', '--tls-verify=false', '--signature-policy', policy, reference];
    const { stderr: log } = await this.podman(args);
    const partial = [...log.matchAll(/Retrieved partial blob (sha256:[0-9a-f]{64})/g)].map(
      ([, digest]) => digest ?? '',
    );
    const missing = [...log.matchAll(/Missing (\d+) bytes out of (\d+)/g)].map(([, bytes, of]) => ({
      bytes: Number(bytes),
      of: Number(of),
    }));
    return { partial, missing, log };
  }

  podman(args: readonly string[]): Promise<RunResult> {
    const own = ['--tmpdir', join(this.dir, 'tmp'), '--network-config-dir', join(this.dir, 'net')];
    return this.#run('containers/podman', [...own, ...args]);
  }

  /** skopeo; `docker://` is spoken over plain http. */
  skopeo(args: readonly string[]): Promise<RunResult> {
    return this.#run('containers/skopeo', ['--policy', join(this.dir, 'policy.json'), ...args]);
  }

  /** Mounts the root of a pulled image read-only. @returns where. */
  async mount(reference: string): Promise<string> {
    const { stdout } = await this.podman(['image', 'inspect', '--format', '{{json .GraphDriver.Data}}', reference]);
    const { UpperDir, LowerDir } = JSON.parse(stdout) as { UpperDir: string; LowerDir?: string };
    const target = join(this.dir, 'mnt');
    mkdirSync(target);
    const layers = [UpperDir, ...(LowerDir === undefined ? [] : [LowerDir])].join(':');
    await run('mount', ['-t', 'overlay', '-o', `ro,lowerdir=${layers}`, 'overlay', target]);
    return target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await unmountBelow(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }

  // skopeo's cache of blobs is in /var/lib whatever it is told.
  #run(program: string, args: readonly string[]): Promise<RunResult> {
    const hidden = 'mount -t tmpfs tmpfs /var/lib && exec "$@"';
    const command = ['--mount', 'sh', '-c', hidden, 'sh', requireProgram(program), ...args];
    return run('unshare', command, { env: this.#env, timeoutMs: 300_000 });
  }
}
