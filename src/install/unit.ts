// The systemd unit of an installation. packaging/lazypull.service is the same for those who install by hand.

/** The unit's text. `command` is the absolute path of Node and of the program behind the link `current`. */
export function unitText(command: readonly string[]): string {
  return `# Written by lazypull install. Your own settings go to a drop-in: systemctl edit lazypull
[Unit]
Description=lazypull, the lazily pulling snapshotter
After=network-online.target local-fs.target
Wants=network-online.target
# containerd asks its snapshotters when it starts.
Before=containerd.service docker.service

[Service]
Type=notify
ExecStartPre=-modprobe -a fuse erofs overlay loop
ExecStart=${command.join(' ')} daemon
ExecReload=kill -HUP $MAINPID
# SIGTERM is for the supervisor; it ends the serving process.
KillMode=mixed
TimeoutStopSec=60
Restart=on-failure
# 2 by the supervisor, 78 by the serving process: starting again will not help before somebody changes something.
RestartPreventExitStatus=2 78
LimitNOFILE=1048576
TasksMax=infinity
OOMScoreAdjust=-999
# Nothing that gives the service a mount namespace of its own (PrivateTmp=, ProtectSystem=, ...): what it mounts must be
# seen by containerd.

[Install]
WantedBy=multi-user.target
`;
}

/** The drop-in of a daemon that goes for good. The program asks itself whether the time has come: a reboot stops units, too. */
export function farewellText(command: readonly string[]): string {
  return `# Written by lazypull uninstall; goes with the last container that uses a lazily pulled image.
[Service]
ExecStopPost=${command.join(' ')} uninstall --finish
`;
}
