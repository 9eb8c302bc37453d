// How the containerd and the dockerd beside the machine's own are emptied and taken away: shell scripts, since they are
// steps of the journal, which have to work in post, after main's death, and for what a dead job left. None of them minds
// what is gone already, and what does not answer is left to its being stopped.
import type { UndoStep } from '../journal.ts';
import { Place } from '../state.ts';
import { IsolatedPlace } from './isolated-place.ts';

type Command = Extract<UndoStep, { kind: 'command' }>;

/** Removes containers, and networks with their bridges. Stopping dockerd would wait ten seconds for each container. */
const EMPTY_DOCKER = `# Removes the containers of the second Docker.
unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY
socket=$1
ours() { docker --host "unix://$socket" "$@"; }
if [ ! -S "$socket" ] || ! timeout 10 docker --host "unix://$socket" version >/dev/null 2>&1; then exit 0; fi
status=0
all=$(ours ps --all --quiet --no-trunc)
if [ -n "$all" ]; then ours rm --force --volumes $all >/dev/null || status=1; fi
ours network prune --force >/dev/null || status=1
exit $status`;

/**
 * Removes containers, leases and images from all namespaces and collects the garbage, so that no snapshot stays in the
 * lazypull daemon, whose store outlives this containerd's.
 */
const EMPTY_CONTAINERD = `# Removes everything from the second containerd.
socket=$1
ours() { ctr --address "$socket" --namespace "$namespace" "$@"; }
if [ ! -S "$socket" ] || ! timeout 10 ctr --address "$socket" version >/dev/null 2>&1; then exit 0; fi
namespace=default
for namespace in $(ours namespaces list --quiet); do
  # Its status is that of the task, which was killed.
  for task in $(ours tasks list --quiet); do ours tasks rm --force "$task" >/dev/null 2>&1; done
  for what in containers leases images; do
    all=$(ours $what list --quiet)
    if [ -n "$all" ]; then ours $what rm $all >/dev/null; fi
  done
  ours leases create --id lazypull-tidy >/dev/null && ours leases rm --sync lazypull-tidy >/dev/null
done
exit 0`;

/**
 * Snapshots in the lazypull daemon of a containerd that is gone: a new one knows none of them, and deletes what it does not
 * know the first time that it deletes anything.
 */
const TIDY_SNAPSHOTS = `# Removes snapshots of earlier jobs.
set -e
socket=$1
ours() { ctr --address "$socket" --namespace lazypull-tidy "$@" >/dev/null; }
ours snapshots --snapshotter stargz prepare lazypull-tidy
ours snapshots --snapshotter stargz rm lazypull-tidy
ours leases create --id lazypull-tidy
ours leases rm --sync lazypull-tidy
ours namespaces rm lazypull-tidy`;

/**
 * Ends what containers of a containerd that died have left, unmounts what is below the folders and deletes them. A process
 * of a container is known by its root, which is a snapshot of ours; a shim by the socket among its arguments.
 */
const REMOVE_PLACES = `# Removes the folders of the second Docker.
run=$1 root=$2 snapshots=$3
left() {
  # The brackets keep grep from finding itself.
  grep -lE "^[0-9]+ [0-9]+ [0-9:]+ / / .* - overlay .*upperdir=$snapshots/" /proc/[0-9]*/mountinfo
  grep -lzxE "[/]\${run#/}/containerd[.]sock" /proc/[0-9]*/cmdline
}
for try in 1 2 3 4 5 6 7 8 9 10; do
  pids=$(left 2>/dev/null | cut -d / -f 3)
  if [ -z "$pids" ]; then break; fi
  kill -KILL $pids 2>/dev/null
  sleep 0.1
done
mounts() {
  while read -r _ _ _ _ path _; do
    case $path in "$run"/* | "$root"/*) echo "$path" ;; esac
  done < /proc/self/mountinfo | sort -r
}
mounts | while read -r path; do umount -l "$path" 2>/dev/null; done
# Never deletes through a mount.
exec rm -rf --one-file-system -- "$run" "$root"`;

/** Before dockerd is stopped. */
export const emptyDocker: Command = script(EMPTY_DOCKER, IsolatedPlace.DOCKER_SOCKET);

/** Before containerd is stopped, and after dockerd was. */
export const emptyContainerd: Command = script(EMPTY_CONTAINERD, IsolatedPlace.CONTAINERD_SOCKET);

/** Once a new containerd runs. */
export const tidySnapshots: Command = script(TIDY_SNAPSHOTS, IsolatedPlace.CONTAINERD_SOCKET);

/** When neither runs any more. */
export const removePlaces: Command = script(
  REMOVE_PLACES,
  IsolatedPlace.RUN,
  IsolatedPlace.ROOT,
  `${Place.ROOT}/snapshotter/isolated`,
);

function script(text: string, ...args: string[]): Command {
  return { kind: 'command', command: ['sh', '-c', text, 'sh', ...args], root: true };
}
