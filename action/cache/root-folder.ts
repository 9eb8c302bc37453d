// A folder that root writes to and the runner's user reads, made where nobody else can have put a link in its place.
import type { Host } from '../host.ts';

// /var/tmp, because /tmp may be memory. Links in the path are resolved: tar names files relative to it.
const MAKE = `set -e
umask 077
folder=$(mktemp -d /var/tmp/lazypull-hot-XXXXXXXX)
{ chgrp "$1" "$folder" && chmod 0750 "$folder"; } || { rmdir "$folder"; exit 1; }
cd "$folder"
pwd -P`;

/** Runs `use` with a new folder of root's, and removes it. @throws LazypullError when none can be made; what `use` throws. */
export async function withRootFolder<Result>(host: Host, use: (folder: string) => Promise<Result>): Promise<Result> {
  const group = String(process.getegid?.() ?? 0);
  const made = await host.run(['sh', '-c', MAKE, 'sh', group], { root: true });
  const folder = made.trim();
  try {
    return await use(folder);
  } finally {
    await host.remove(folder).catch(() => {});
  }
}
