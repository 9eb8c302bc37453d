// What a person who waits for a recording is told.
import type { StopReason } from '../optimize/record-job.ts';
import { formatSeconds } from './format.ts';
import type { StopFlags } from './workload-flags.ts';

const REASONS: Readonly<Record<StopReason, string>> = {
  exit: 'the workload ended',
  period: 'its time is over',
  line: 'the line came',
  signal: 'you ended it',
};

/** How long the workload runs. */
export function workloadRuns({ periodMs, line, onSignal }: StopFlags): string {
  const rules = [
    ...(line === undefined ? [] : [`until a line has ${JSON.stringify(line)}`]),
    ...(onSignal ? ['until Ctrl-C'] : []),
    ...(periodMs === undefined ? [] : [`for ${formatSeconds(periodMs / 1000)} at most`]),
  ];
  return `running the image ${rules.join(', ')}`;
}

/** Why the recording ends. */
export function recordingEnds(reason: StopReason): string {
  return `recording ends: ${REASONS[reason]}`;
}
