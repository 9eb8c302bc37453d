// A tree through the real kernel: what programs see of it, and what the tree hears of them.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openConnection, type FuseConnection } from '../../src/daemon/supervisor-mount.ts';
import { unmount } from '../../src/fuse/mount.ts';
import { needs } from '../support/needs.ts';
import { run } from '../support/run.ts';
import { until } from '../support/until.ts';

const skip = needs('root', 'fuse');
const server = new URL('../support/tree-server.ts', import.meta.url);

interface Heard {
  readonly serving?: true;
  readonly lookup?: string;
  readonly pid?: number;
  readonly create?: string;
  readonly rmdir?: string;
  readonly parent?: number;
  readonly resent?: boolean;
}

/** A serving process, and what it said. */
class TreeServer {
  readonly heard: Heard[] = [];
  readonly child: ChildProcess;

  constructor(mountpoint: string, connection?: FuseConnection) {
    const stdio = [
      'ignore',
      'inherit',
      'inherit',
      'ipc',
      ...(connection === undefined ? [] : [connection.fd]),
    ] as const;
    this.child = fork(server, [mountpoint, ...(connection === undefined ? [] : ['4'])], { stdio: [...stdio] });
    this.child.on('message', (message: Heard) => this.heard.push(message));
  }

  async hears(what: (heard: Heard) => boolean): Promise<void> {
    await until(() => this.heard.some(what), 'a word of the server');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

suite('a tree', { skip }, () => {
  let folder: string;
  let mountpoint: string;
  let serving: TreeServer;
  /** In other processes: this one must not wait for the kernel. */
  const sh = async (script: string): Promise<string> => {
    const { stdout, stderr } = await run('sh', ['-c', script, 'sh', mountpoint], {
      check: false,
      env: { LC_ALL: 'C' },
    });
    return `${stdout}${stderr}`.trim();
  };

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'lazypull-tree-')));
    mountpoint = join(folder, 'fuse');
    serving = new TreeServer(mountpoint);
    await serving.hears(({ serving }) => serving === true);
  });
  after(async () => {
    await serving?.kill();
    await unmount(mountpoint, { detach: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('files, links and folders are what they are', async () => {
    assert.equal(await sh('ls -AU "$1"'), 'file\nlink\nfolder\nbroken');
    assert.equal(
      await sh('stat -c "%F %a %s" "$1" "$1/file" "$1/link" "$1/folder"'),
      ['directory 700 0', 'regular file 400 10', 'symbolic link 777 4', 'directory 700 0'].join('\n'),
    );
    assert.equal(await sh('readlink "$1/link"; cat "$1/file"; tail -c 3 "$1/file"'), '/tmp\n0123456789789');
    assert.equal(await sh('ls -A "$1/folder"'), '');
  });

  test('what is not there is not there, each time it is looked for', async () => {
    const lookups = (): number => serving.heard.filter(({ lookup }) => lookup === 'missing').length;
    assert.match(await sh('cat "$1/missing"'), /No such file or directory/);
    const before = lookups();
    assert.match(await sh('cat "$1/missing"'), /No such file or directory/);
    assert.ok(lookups() > before);
  });

  test('a lookup says which process asks', async () => {
    const shell = Number(await sh('exec 3< "$1/file"; echo $$'));
    assert.ok(
      serving.heard.some(({ lookup, pid }) => lookup === 'file' && pid === shell),
      `${shell}`,
    );
  });

  test('a file that is made and a folder that is removed are told, and answered as the tree says', async () => {
    assert.match(await sh(': > "$1/use"'), /nonexistent|No such file/);
    assert.match(await sh('rmdir "$1/folder"'), /No such file or directory/);
    assert.deepEqual(
      serving.heard.filter(({ create, rmdir }) => create !== undefined || rmdir !== undefined),
      [
        { create: 'use', parent: 1, resent: false },
        { rmdir: 'folder', parent: 1, resent: false },
      ],
    );
    assert.equal(await sh('ls -d "$1/folder"'), `${mountpoint}/folder`);
  });

  test('nothing else can be changed', async () => {
    assert.match(await sh('mkdir "$1/new"'), /not implemented/);
    assert.match(await sh('rm -f "$1/file"'), /not implemented/);
    assert.match(await sh('mv "$1/file" "$1/new"'), /not implemented/);
    assert.match(await sh('chmod 777 "$1/file"'), /not implemented/);
    assert.match(await sh('ln -s x "$1/new"'), /not implemented/);
    assert.equal(await sh('cat "$1/file"'), '0123456789');
  });

  test('what fails is EIO, and the next request is answered', async () => {
    assert.match(await sh('cat "$1/broken"'), /Input\/output error/);
    assert.equal(await sh('cat "$1/file"'), '0123456789');
  });

  test('a lookup that takes its time holds up no other', async () => {
    const slow = sh('cat "$1/slow"');
    await serving.hears(({ lookup }) => lookup === 'slow');
    assert.equal(await sh('cat "$1/file"'), '0123456789');
    serving.child.send('go');
    assert.equal(await slow, '0123456789');
  });
});

test('a request that a killed process did not answer is answered by the next one', { skip }, async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lazypull-tree-')));
  const connection = await openConnection(join(folder, 'fuse'), { resend: true, writable: true });
  const first = new TreeServer(connection.mountpoint, connection);
  let next: TreeServer | undefined;
  try {
    await first.hears(({ serving }) => serving === true);
    const slow = run('cat', [join(connection.mountpoint, 'slow')]);
    await first.hears(({ lookup }) => lookup === 'slow');
    await first.kill();
    next = new TreeServer(connection.mountpoint, connection);
    await next.hears(({ lookup }) => lookup === 'slow');
    next.child.send('go');
    assert.equal((await slow).stdout, '0123456789');
  } finally {
    await first.kill();
    await next?.kill();
    await unmount(connection.mountpoint, { detach: true, force: true });
    closeSync(connection.fd);
    rmSync(folder, { recursive: true, force: true });
  }
});
