// What a person is told of a drain.
import type { DrainStatus, DrainUser } from '../daemon/status.ts';
import { formatBytes, plural, printable } from './format.ts';

/** One line: how many containers there are, and how many still need something. */
export function drainSummary({ users }: DrainStatus): string {
  if (users.length === 0) return 'no container uses a lazily mounted layer';
  const parts = (['incomplete', 'complete', 'independent'] as const).flatMap((state) => {
    const count = users.filter((user) => user.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `${plural(users.length, 'container')} on lazily mounted layers: ${parts.join(', ')}`;
}

/** The summary, and a line for each container. */
export function drainText(drain: DrainStatus): string {
  return `${[drainSummary(drain), ...drain.users.map(userLine)].join('\n')}\n`;
}

/** File bytes that containers' layers lack, each layer once. */
export function missingBytes({ users }: DrainStatus): number {
  const layers = new Map(users.flatMap(({ layers }) => layers.map((layer) => [layer.digest, layer.missingBytes])));
  return [...layers.values()].reduce((sum, bytes) => sum + Math.max(0, bytes), 0);
}

const MEANING: Readonly<Record<DrainUser['state'], string>> = {
  incomplete: 'breaks without its registry and the daemon',
  complete: 'needs no registry; breaks when the daemon is stopped',
  independent: 'goes on without the daemon',
};

function userLine({ key, ref, state, layers }: DrainUser): string {
  const missing = layers.reduce((sum, layer) => sum + Math.max(0, layer.missingBytes), 0);
  const lack = missing > 0 ? `, ${formatBytes(missing)} missing` : '';
  const error = layers.find((layer) => layer.error !== undefined)?.error;
  const why = error === undefined ? '' : `: ${printable(error)}`;
  return `  ${state.padEnd(11)}  ${printable(key)}  ${printable(ref ?? '')}  ${MEANING[state]}${lack}${why}`;
}
