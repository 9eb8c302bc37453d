// Flags that several commands have, so that they mean and say the same everywhere.
import { Option } from 'commander';

/** `--config` */
export function configOption(): Option {
  return new Option('--config <FILE>', 'configuration (default: /etc/lazypull/config.toml, if it is there)');
}

/** `--socket` */
export function socketOption(): Option {
  return new Option('--socket <SOCKET>', "the daemon's control socket (default: from the configuration)");
}

/** `--json` */
export function jsonOption(): Option {
  return new Option('--json', 'write one JSON document instead of lines');
}

/** Of commands that read or write images anywhere: how registries and containerd are reached. `openImageAccess` reads them. */
export function imageAccessOptions(): Option[] {
  return [
    new Option('--plain-http', 'reach the registries of the images without TLS'),
    new Option('--address <SOCKET>', "containerd's socket, for containerd: images").default(
      '/run/containerd/containerd.sock',
    ),
    new Option('-n, --namespace <NAME>', "containerd's namespace, for containerd: images").default('default'),
    configOption(),
  ];
}

/** A flag that may be given several times: its values in order. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}

/** For the help of commands that take SRC or DST. */
export const IMAGES_HELP = `Images are named in these ways:
  REGISTRY/NAME:TAG              in a registry; credentials come from docker's config.json: use "docker login"
  oci:DIR[:TAG]                  a folder in OCI layout
  oci-archive:FILE[:TAG]         the same as a tar, as "docker buildx build --output type=oci" writes it
  docker-archive:FILE[:NAME:TAG] what "docker save" writes
  containerd:NAME                an image of containerd
  -                              standard input or output: a tar of either kind`;
