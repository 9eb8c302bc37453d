// The config.toml of a test's containerd: version 2 of the format for 1.7, version 3 for 2.x. Everything lies below one
// folder, so that several can run beside each other and beside a system's own.
import { join } from 'node:path';

/** What a test may choose. */
export interface ContainerdConfig {
  readonly version: '1.7' | '2';
  /** Folder of state, content, logs and certs.d. Absolute. */
  readonly dir: string;
  /** Where containerd listens. */
  readonly socketPath: string;
  /** Socket of a snapshotter that is plugged in under the name `stargz`. It need not exist yet. */
  readonly snapshotterSocket?: string;
  /** Root folder that containerd reports for that snapshotter. */
  readonly snapshotterRoot?: string;
  /** Serve CRI, with `sandboxImage` as pause image. Only host-network pods work: there is no CNI. */
  readonly cri?: { readonly sandboxImage: string };
}

const platform = `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** The text of config.toml. */
export function containerdConfig(config: ContainerdConfig): string {
  return config.version === '2' ? configOf2(config) : configOf17(config);
}

function common(config: ContainerdConfig, formatVersion: number, disabled: readonly string[]): string {
  const { dir, socketPath } = config;
  return `version = ${formatVersion}
root = ${text(join(dir, 'root'))}
state = ${text(join(dir, 'state'))}
disabled_plugins = [${disabled.map((name) => text(name)).join(', ')}]
[grpc]
  address = ${text(socketPath)}
[debug]
  level = "debug"
[plugins."io.containerd.internal.v1.opt"]
  path = ${text(join(dir, 'opt'))}
[plugins."io.containerd.nri.v1.nri"]
  disable = true
${proxy(config)}${unpack(config)}`;
}

function proxy({ snapshotterSocket, snapshotterRoot, dir }: ContainerdConfig): string {
  if (snapshotterSocket === undefined) return '';
  return `[proxy_plugins.stargz]
  type = "snapshot"
  address = ${text(snapshotterSocket)}
  [proxy_plugins.stargz.exports]
    root = ${text(snapshotterRoot ?? join(dir, 'snapshotter'))}
    enable_remote_snapshot_annotations = "true"
`;
}

// The transfer service unpacks only for the pairs that are listed.
function unpack({ snapshotterSocket, dir }: ContainerdConfig): string {
  const names = snapshotterSocket === undefined ? ['overlayfs'] : ['stargz', 'overlayfs'];
  const pairs = names.map(
    (name) => `  [[plugins."io.containerd.transfer.v1.local".unpack_config]]
    platform = ${text(platform)}
    snapshotter = ${text(name)}
    differ = "walking"
`,
  );
  return `[plugins."io.containerd.transfer.v1.local"]
  config_path = ${text(join(dir, 'certs.d'))}
${pairs.join('')}`;
}

function configOf2(config: ContainerdConfig): string {
  const head = common(config, 3, config.cri === undefined ? ['io.containerd.grpc.v1.cri'] : []);
  if (config.cri === undefined) return head;
  return `${head}[plugins."io.containerd.cri.v1.images"]
  snapshotter = ${text(criSnapshotter(config))}
  disable_snapshot_annotations = false
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${text(config.cri.sandboxImage)}
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = ${text(join(config.dir, 'certs.d'))}
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  disable_apparmor = true
`;
}

function configOf17(config: ContainerdConfig): string {
  const head = common(config, 2, config.cri === undefined ? ['io.containerd.grpc.v1.cri'] : []);
  if (config.cri === undefined) return head;
  return `${head}[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(config.cri.sandboxImage)}
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(criSnapshotter(config))}
    disable_snapshot_annotations = false
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${text(join(config.dir, 'certs.d'))}
`;
}

function criSnapshotter({ snapshotterSocket }: ContainerdConfig): string {
  return snapshotterSocket === undefined ? 'overlayfs' : 'stargz';
}

// A JSON string is also a TOML basic string.
function text(value: string): string {
  return JSON.stringify(value);
}
