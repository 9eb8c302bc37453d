// `lazypull pull`: asks the daemon to pull, since it has everything warm, and tells what happens. Without a daemon it
// pulls by itself. What only that needs is loaded only then.
import type { PullResult } from '../containerd/pull.ts';
import type { PullRequest } from '../daemon/pull-request.ts';
import { FormatError, LazypullError, UserError } from '../errors.ts';
import { formatPlatform, hostPlatform } from '../oci/platform.ts';
import { formatReference, parseReference, type ImageReference } from '../oci/reference.ts';
import { ControlClient } from './control-client.ts';
import { DaemonPullError, NoDaemonError } from './exit-codes.ts';
import { parsePlatformFlag, textFlag, type Flags } from './flag-values.ts';
import { Interrupts } from './interrupts.ts';
import { explainLayers, type ExplainedLayer } from './layer-reasons.ts';
import { PullReporter } from './pull-reporter.ts';

/** Pulls, and writes what came of it. @throws UserError for wrong arguments; whatever the pull throws. */
export async function runPull(ref: string, flags: Flags): Promise<void> {
  const name = formatReference(parseImage(ref));
  const platformFlag = textFlag(flags, 'platform');
  const platform = formatPlatform(platformFlag === undefined ? hostPlatform() : parsePlatformFlag(platformFlag));
  const daemon = ControlClient.fromFlags(flags);
  const reporter = new PullReporter({
    name,
    json: flags['json'] === true,
    explain: (layers) => explainLayers(daemon, name, layers),
  });
  const request: PullRequest = {
    reference: name,
    platform,
    address: textFlag(flags, 'address') ?? '',
    namespace: textFlag(flags, 'namespace') ?? '',
    snapshotter: textFlag(flags, 'snapshotter') ?? '',
    plainHttp: flags['plainHttp'] === true,
  };
  using interrupts = new Interrupts();
  try {
    const result = await pull(daemon, request, textFlag(flags, 'config'), reporter, interrupts.abort);
    await reporter.finish(result, platform);
  } finally {
    reporter.stop();
  }
}

/** What `--json` writes. */
export interface PullDocument extends Omit<PullResult, 'layers'> {
  readonly platform: string;
  readonly layers: readonly ExplainedLayer[];
}

async function pull(
  daemon: ControlClient,
  request: PullRequest,
  configPath: string | undefined,
  reporter: PullReporter,
  signal: AbortSignal,
): Promise<PullResult> {
  const onProgress = reporter.progress.bind(reporter);
  try {
    return await daemon.pull(request, onProgress, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isLocalMatter(error)) throw error;
    const { pullLocally } = await import('./local-pull.ts');
    return await pullLocally({ request, configPath, daemon, onProgress, signal });
  }
}

/** No daemon, one that is too old to pull, or one whose credentials the registry refuses: the user's own may do. */
function isLocalMatter(error: unknown): boolean {
  if (error instanceof NoDaemonError) return true;
  if (error instanceof DaemonPullError && (error.status === 401 || error.status === 403)) return true;
  return error instanceof LazypullError && error.code === 'UNAVAILABLE';
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
