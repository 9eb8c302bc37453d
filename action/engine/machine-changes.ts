// Changes to the machine's containerd and Docker, in the order that makes them safe: first the way back is in the journal,
// then in a file that outlives the job, then they are made. When a job dies (a runner that is switched off, say), nobody
// runs its post: the next boot, or the next job, finds that file and takes those changes back.
import type { Host } from '../host.ts';
import { jobOf } from '../job.ts';
import type { UndoStep } from '../journal.ts';
import { Place } from '../state.ts';
import { bootRestoreSteps, writeBootRestore } from './boot-restore.ts';
import { type ConfigFile, type MergedText, undoOf, writeChange } from './change-file.ts';
import type { EngineContext } from './model.ts';

/** A file and what it becomes. */
export interface FileChange {
  readonly file: ConfigFile;
  readonly merged: MergedText;
}

/** With what a job has changed, for the job after it. It survives a reboot, as the changes do. */
const CHANGES_PATH = `${Place.ROOT}/machine-changes.json`;

const RECORD_STEPS: readonly UndoStep[] = [{ kind: 'remove', path: CHANGES_PATH }, ...bootRestoreSteps];

type ChangeContext = Pick<EngineContext, 'host' | 'facts' | 'journal' | 'inputs' | 'notice' | 'info'>;

/**
 * Makes the changes that are needed. Restarting `units` afterwards is the caller's; undoing does it by itself.
 * @param abandoned what a job that died has left: it is this job's to take back from now on.
 */
export async function applyChanges(
  context: ChangeContext,
  units: readonly string[],
  changes: readonly FileChange[],
  abandoned: readonly UndoStep[],
): Promise<void> {
  const { host, journal, notice, info } = context;
  const needed = changes.filter(({ merged }) => merged.changed);
  if (needed.length === 0 && abandoned.length === 0) return;
  // Undone newest first: the files come back, and then the units are restarted.
  const restart: UndoStep[] = covers(abandoned, units) ? [] : [{ kind: 'restart', units }];
  const steps = [...abandoned, ...restart, ...needed.flatMap(({ file }) => undoOf(file))];
  const recorded = needsRecord(context);
  for (const step of [...(recorded ? RECORD_STEPS : []), ...steps]) journal.note(step);
  if (recorded) await record(host, steps);
  await Promise.all(needed.map(({ file, merged }) => writeChange(host, file, merged.text)));
  for (const { file, merged } of needed) {
    for (const sentence of merged.told) notice(sentence);
    info(`${file.path} ${file.text === undefined ? 'is new' : `is changed; as it was: ${file.backupPath}`}`);
  }
}

/** Steps, oldest first, of a job that has not taken back what it changed; none of this job's own. */
export async function abandonedSteps(host: Host): Promise<readonly UndoStep[]> {
  const text = await host.read(CHANGES_PATH);
  if (text === undefined) return [];
  try {
    const { job, steps } = JSON.parse(text) as { job?: unknown; steps?: unknown };
    // Only root can write there, so the steps are those that this file wrote.
    return typeof job === 'string' && job !== jobOf(process.env) && Array.isArray(steps) ? (steps as UndoStep[]) : [];
  } catch {
    // A job that died while it wrote this has not changed anything yet.
    return [];
  }
}

/** Changes that are to stay have no record; a machine of GitHub's does not come back. */
function needsRecord({ facts, inputs }: ChangeContext): boolean {
  return inputs.cleanup && !facts.hosted;
}

/** For when nobody runs post. */
async function record(host: Host, steps: readonly UndoStep[]): Promise<void> {
  await Promise.all([
    host.write(CHANGES_PATH, `${JSON.stringify({ job: jobOf(process.env), steps })}\n`, 0o600),
    writeBootRestore(host, steps, CHANGES_PATH),
  ]);
}

function covers(steps: readonly UndoStep[], units: readonly string[]): boolean {
  return steps.some((step) => step.kind === 'restart' && units.every((unit) => step.units.includes(unit)));
}
