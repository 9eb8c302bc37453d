// What happens to a machine of somebody's own that loses its power in the middle of a job: its containerd and Docker are
// told of a daemon that no longer runs, and could pull nothing. A small unit of systemd puts their files back before they
// start. It is there as long as the changes are; nothing of it is loaded before the machine boots.
import type { Host } from '../host.ts';
import type { UndoStep } from '../journal.ts';
import { Place } from '../state.ts';

const NAME = 'lazypull-restore.service';
const UNIT_PATH = `/etc/systemd/system/${NAME}`;
const LINK_PATH = `/etc/systemd/system/multi-user.target.wants/${NAME}`;
const SCRIPT_PATH = `${Place.ROOT}/restore.sh`;

/** How the unit goes away again, oldest first. */
export const bootRestoreSteps: readonly UndoStep[] = [UNIT_PATH, LINK_PATH, SCRIPT_PATH].map((path) => ({
  kind: 'remove',
  path,
}));

/** Puts the unit there. `steps` are those of the changes; `recordPath` is their record, which then is of no use. */
export async function writeBootRestore(host: Host, steps: readonly UndoStep[], recordPath: string): Promise<void> {
  await Promise.all([
    host.write(SCRIPT_PATH, restoreScript(steps, recordPath), 0o700),
    host.write(UNIT_PATH, UNIT),
    // Where nothing is started at boot there is no such folder, and nothing to be done.
    host.try(['ln', '-sfn', UNIT_PATH, LINK_PATH], { root: true }),
  ]);
}

const UNIT = `# Made by the lazypull action for the time of a job.
[Unit]
Description=Take back what a lazypull job changed that never ended
DefaultDependencies=no
After=local-fs.target
Before=containerd.service docker.service
ConditionPathExists=${SCRIPT_PATH}

[Service]
Type=oneshot
ExecStart=/bin/sh ${SCRIPT_PATH}

[Install]
WantedBy=multi-user.target
`;

/** Newest first, as they are undone in a job; only files survive a boot. */
export function restoreScript(steps: readonly UndoStep[], recordPath: string): string {
  const lines = steps.toReversed().flatMap((step) => {
    if (step.kind !== 'file') return [];
    const path = quote(step.path);
    if (step.backup === undefined) return [`rm -f -- ${path}`];
    const backup = quote(step.backup);
    return [`if [ -e ${backup} ]; then cp -a -- ${backup} ${path} && rm -f -- ${backup}; fi`];
  });
  const ours = [recordPath, LINK_PATH, UNIT_PATH, SCRIPT_PATH].map(quote).join(' ');
  return `${lines.join('\n')}\nrm -f -- ${ours}\n`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
