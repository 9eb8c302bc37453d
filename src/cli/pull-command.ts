// `lazypull pull`: connects the registry, containerd and the daemon, and tells what happens.
import { Connection } from '../containerd/connection.ts';
import type { ResolvedImage } from '../containerd/image-source.ts';
import { pullLazily, type PullResult } from '../containerd/pull.ts';
import { RegistrySource } from '../containerd/registry-source.ts';
import { loadConfig } from '../config.ts';
import type { WarmRequest } from '../daemon/status.ts';
import { FormatError, UserError } from '../errors.ts';
import { TOC_DIGEST } from '../oci/annotations.ts';
import { isDigest } from '../oci/digest.ts';
import { formatPlatform, hostPlatform, parsePlatform, type Platform } from '../oci/platform.ts';
import { formatReference, parseReference, type ImageReference } from '../oci/reference.ts';
import { RegistryClient } from '../registry/client.ts';
import { registryOptions } from '../registry/from-config.ts';
import { version } from '../version.ts';
import { ControlClient } from './control-client.ts';
import { InterruptedError } from './exit-codes.ts';
import { explainLayers, type ExplainedLayer } from './layer-reasons.ts';
import { PullReporter } from './pull-reporter.ts';

type Flags = Readonly<Record<string, string | boolean>>;

/** Pulls, and writes what came of it. @throws UserError for wrong arguments; whatever `pullLazily` throws. */
export async function runPull(ref: string, flags: Flags): Promise<void> {
  const reference = parseImage(ref);
  const platform = parsePlatformFlag(flags['platform']);
  const { registry } = loadConfig(text(flags['config'])).config;
  const plainHttpHosts =
    flags['plainHttp'] === true ? [...registry.plainHttpHosts, reference.registry] : registry.plainHttpHosts;
  await using client = new RegistryClient(registryOptions({ ...registry, plainHttpHosts }, `lazypull/${version}`));
  using connection = await Connection.open({
    address: text(flags['address']) ?? '',
    namespace: text(flags['namespace']) ?? '',
  });
  using interrupt = interruptSignal();
  const daemon = ControlClient.fromFlags(flags);
  const name = formatReference(reference);
  const reporter = new PullReporter({
    name,
    json: flags['json'] === true,
    explain: (layers) => explainLayers(daemon, name, layers),
  });
  try {
    const result = await pullLazily({
      connection,
      snapshotter: text(flags['snapshotter']) ?? '',
      source: new RegistrySource(client, reference, platform),
      onResolved: (image) => warm(daemon, name, image),
      onProgress: (progress) => reporter.progress(progress),
      signal: interrupt.signal,
    });
    await reporter.finish(result, formatPlatform(platform));
  } finally {
    reporter.stop();
  }
}

/** What `--json` writes. */
export interface PullDocument extends Omit<PullResult, 'layers'> {
  readonly platform: string;
  readonly layers: readonly ExplainedLayer[];
}

/** Lets the daemon fetch all tables of contents while we fetch the config. Without a daemon nothing is lost. */
function warm(daemon: ControlClient, reference: string, { manifest }: ResolvedImage): void {
  const layers = manifest.parsed.layers.map(({ digest, size, annotations }) => {
    const tocDigest = annotations?.[TOC_DIGEST];
    return tocDigest !== undefined && isDigest(tocDigest) ? { digest, size, tocDigest } : { digest, size };
  });
  const hint: WarmRequest = { reference, layers };
  daemon.warm(hint).catch(() => {});
}

/** Adds the tag that people mean when they give none. */
function parseImage(ref: string): ImageReference {
  try {
    const reference = parseReference(ref);
    return reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UserError(error.message, 'An image is named like ghcr.io/org/app:1 or python:3.12.', { cause: error });
  }
}

function parsePlatformFlag(flag: string | boolean | undefined): Platform {
  if (typeof flag !== 'string') return hostPlatform();
  try {
    return parsePlatform(flag);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new UserError(error.message, 'A platform is written like linux/arm64.', { cause: error });
  }
}

/** Aborts at SIGINT and SIGTERM; a second one ends the process as usual. */
function interruptSignal(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new InterruptedError());
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, stop);
    },
  };
}

function text(flag: string | boolean | undefined): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}
