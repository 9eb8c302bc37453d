// What the supervisor and the serving process say to each other over their IPC channel, and the environment that the
// supervisor gives. Both sides may be of different versions after an upgrade: unknown messages are ignored.

/** Supervisor to serving process. */
export type ToServing =
  /** Write everything to disk that the next process needs; answer `flushed`. SIGKILL follows. */
  | { readonly type: 'flush' }
  /** Unmount the layers, close stores; answer `stopped`. SIGKILL follows. */
  | { readonly type: 'stop' };

/** Serving process to supervisor. */
export type ToSupervisor =
  /** All sockets listen, all mounts of the last process are back. */
  | { readonly type: 'ready' }
  | { readonly type: 'flushed' }
  | { readonly type: 'stopped' }
  /** Asks for a planned restart, as SIGHUP does. */
  | { readonly type: 'restart' }
  /** Nothing is left to serve after a drain for good: asks for what SIGTERM does. */
  | { readonly type: 'leave' };

/** Environment of the serving process. */
export const Env = {
  /** Descriptor of /dev/fuse; absent when the supervisor mounts no FUSE filesystem. */
  FUSE_FD: 'LAZYPULL_FUSE_FD',
  /** Where it is mounted. */
  FUSE_MOUNT: 'LAZYPULL_FUSE_MOUNT',
  /** Descriptor and place of a second one, the additional layer store; absent when it is not configured. */
  STORE_FD: 'LAZYPULL_STORE_FD',
  STORE_MOUNT: 'LAZYPULL_STORE_MOUNT',
  /** `1` when an earlier process served the same connections. */
  FUSE_RESEND: 'LAZYPULL_FUSE_RESEND',
  /** JSON: the path of each unix socket that is inherited, and its descriptor; absent when there is none. */
  SOCKETS: 'LAZYPULL_SOCKETS',
  /** 0 for the first serving process of this supervisor, 1 for the next. */
  GENERATION: 'LAZYPULL_GENERATION',
} as const;

/**
 * Exit status that says: starting again will not help, somebody has to change something (EX_CONFIG of sysexits).
 * Respected before the first `ready` only.
 */
export const EXIT_CONFIG = 78;
