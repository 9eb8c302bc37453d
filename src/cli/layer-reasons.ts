// Why a layer is not lazy, and how much of a lazy one was fetched: what the daemon knows of the layers of a pull.
import type { PulledLayer } from '../containerd/layer-puller.ts';
import type { DaemonStatus } from '../daemon/status.ts';
import type { ControlClient } from './control-client.ts';

export interface ExplainedLayer extends PulledLayer {
  /** One sentence, for an ordinary layer that the daemon was asked to mount. */
  readonly reason?: string;
  readonly kind?: string;
  /** Compressed bytes that the daemon fetched for it so far. */
  readonly fetchedBytes?: number;
}

/** The layers with what the daemon says of them; as they are when it does not answer. */
export async function explainLayers(
  daemon: ControlClient,
  ref: string,
  layers: readonly PulledLayer[],
): Promise<ExplainedLayer[]> {
  try {
    const status = await daemon.status();
    return layers.map((layer) => ({ ...layer, ...knownOf(status, ref, layer) }));
  } catch {
    // Another snapshotter, or an older daemon: the pull itself does not depend on it.
    return [...layers];
  }
}

function knownOf(status: DaemonStatus, ref: string, layer: PulledLayer): Partial<ExplainedLayer> {
  if (layer.state === 'ordinary') {
    const fallbacks = status.fallbacks.filter((fallback) => fallback.layer === layer.digest);
    const found = fallbacks.findLast((fallback) => fallback.ref === ref) ?? fallbacks.at(-1);
    return found === undefined ? {} : { reason: found.reason, kind: found.kind };
  }
  const known = status.images.flatMap((image) => image.layers).find(({ digest }) => digest === layer.digest);
  return known === undefined || layer.state === 'existing' ? {} : { fetchedBytes: known.fetchedBytes };
}
