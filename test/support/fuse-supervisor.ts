// A supervisor for tests. Arguments: mountpoint, path of the serving process (may be a symlink that changes), and
// `no-resend` to behave as kernels before 6.9 do, or `store` for a second filesystem at `MOUNTPOINT-store`, or `socket` for a socket at `MOUNTPOINT.sock`.
import { runSupervisor } from '../../src/daemon/supervisor.ts';
import { createLogger } from '../../src/log.ts';

const [mountpoint = '', script = '', mode] = process.argv.slice(2);
process.exitCode = await runSupervisor({
  command: () => [process.execPath, script],
  mountpoint,
  storeMountpoint: mode === 'store' ? `${mountpoint}-store` : undefined,
  sockets: mode === 'socket' ? [`${mountpoint}.sock`] : [],
  resend: mode !== 'no-resend',
  log: createLogger({ level: 'debug', format: 'text' }),
});
