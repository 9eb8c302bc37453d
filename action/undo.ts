// Takes back what a journal says, one step at a time: after a failure of main, and at the end of the job.
import { restartUnits } from './engine/services.ts';
import type { Host } from './host.ts';
import type { UndoStep } from './journal.ts';
import { stopService } from './process.ts';

/** Docker waits 10 s for each container that it stops, and may have several. */
const RESTART_MS = 120_000;

/** Takes one step back. What is gone already is no error. @throws LazypullError with what could not be done. */
export async function undoStep(host: Host, step: UndoStep): Promise<void> {
  switch (step.kind) {
    case 'file':
      await restoreFile(host, step.path, step.backup);
      break;
    case 'remove':
      await host.remove(step.path);
      break;
    case 'unit':
    case 'process':
      await stopService(host, step);
      break;
    case 'restart':
      await restartUnits(host, step.units, RESTART_MS);
      break;
    case 'command':
      await host.run(step.command, { root: step.root });
      break;
  }
}

/** Noted before it was done: a backup that is not there says that the file was never changed. */
async function restoreFile(host: Host, path: string, backup: string | undefined): Promise<void> {
  if (backup === undefined) {
    await host.remove(path);
    return;
  }
  if (!(await host.exists(backup))) return;
  await host.copy(backup, path);
  await host.remove(backup);
}
