// Where an installation puts things on a machine. The unit, the command and the configuration are where people look for them;
// everything else is in one folder for each version, so that an upgrade is a new folder and one renamed link.
import { join } from 'node:path';

/** What is the same for every version; `current` is a link to the folder of one. */
export const PREFIX = '/opt/lazypull';
export const CURRENT: string = join(PREFIX, 'current');
/** What was done to the machine, for `uninstall` and the next `install`. */
export const RECEIPT: string = join(PREFIX, 'install.json');
/** Files of the machine as they were. */
export const BACKUPS: string = join(PREFIX, 'before');
export const COMMAND = '/usr/local/bin/lazypull';
export const CONFIG_FOLDER = '/etc/lazypull';
export const CONFIG: string = join(CONFIG_FOLDER, 'config.toml');
export const UNIT = 'lazypull.service';
export const UNIT_FILE: string = join('/etc/systemd/system', UNIT);
/** Lets the last stop of a daemon that goes for good take everything away. */
export const FAREWELL_FOLDER: string = join('/etc/systemd/system', `${UNIT}.d`);
export const FAREWELL_FILE: string = join(FAREWELL_FOLDER, 'uninstall.conf');
