// The image 'small': a busybox and every kind of file that a layer can hold, in three layers. Its tars are written entry
// by entry, so that nothing depends on the machine's filesystem or on being root.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type Header, pack as createPack } from 'tar-stream';
import { requireProgram } from './needs.ts';
import { writeGzipLayer, writeImage, type WrittenLayer } from './oci-layout.ts';

type Entry = Partial<Header> & { readonly name: string; readonly content?: string | Uint8Array };

// A version 2 vfs_cap_data with cap_net_bind_service permitted and effective; every byte is ASCII, so a string carries it.
const bindServiceCapability = '\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0';
const applets = ['sh', 'ls', 'cat', 'stat', 'find', 'md5sum', 'sleep', 'echo', 'true', 'wc', 'readlink', 'test', 'id'];

function firstLayer(): Entry[] {
  return [
    dir('bin/'),
    { ...file('bin/busybox', readFileSync(requireProgram('busybox'))), mode: 0o755 },
    ...applets.map((name) => link(`bin/${name}`, 'bin/busybox', 0o755)),
    dir('dev/'),
    { name: 'dev/null', type: 'character-device', mode: 0o666, devmajor: 1, devminor: 3 },
    dir('etc/'),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'),
    file('etc/to-be-deleted', 'you should not see this\n'),
    dir('etc/opaque/'),
    file('etc/opaque/lower', 'hidden by an opaque directory\n'),
    dir('etc/replaced/'),
    file('etc/replaced/inside', 'a directory that becomes a file\n'),
    dir('proc/'),
    dir('sys/'),
    { ...dir('tmp/'), mode: 0o1777 },
    dir('data/'),
    file('data/empty', ''),
    file('data/one-byte', 'x'),
    file('data/4095', pattern(4095)),
    file('data/4096', pattern(4096)),
    file('data/4097', pattern(4097)),
    file('data/big', pattern(10 * 1024 * 1024 + 12_345)),
    file('data/zeros', new Uint8Array(1024 * 1024)),
  ];
}

function secondLayer(): Entry[] {
  const long = 'n'.repeat(255);
  const deep = Array.from({ length: 12 }, (_, depth) => `directory-number-${depth}`).join('/');
  return [
    dir('kinds/'),
    { name: 'kinds/symlink', type: 'symlink', linkname: '../data/4097' },
    { name: 'kinds/dangling', type: 'symlink', linkname: '/nowhere/at/all' },
    { name: 'kinds/long-symlink', type: 'symlink', linkname: `/${'t'.repeat(1000)}` },
    file('kinds/hard-1', 'three names\n'),
    link('kinds/hard-2', 'kinds/hard-1'),
    link('kinds/hard-3', 'kinds/hard-1'),
    { name: 'kinds/fifo', type: 'fifo', mode: 0o600 },
    { name: 'kinds/char', type: 'character-device', mode: 0o620, devmajor: 5, devminor: 1 },
    { name: 'kinds/block', type: 'block-device', mode: 0o660, devmajor: 259, devminor: 300 },
    { ...file('kinds/setuid', 'setuid\n'), mode: 0o4755 },
    { ...file('kinds/setgid', 'setgid\n'), mode: 0o2755, gid: 42 },
    { ...file('kinds/unreadable', 'mode 0\n'), mode: 0 },
    { ...file('kinds/big-ids', 'uid and gid past 16 bits\n'), pax: { uid: '2000000001', gid: '3000000002' } },
    { ...file('kinds/before-epoch', 'old\n'), pax: { mtime: '-86400.25' } },
    { ...file('kinds/after-2038', 'new\n'), pax: { mtime: '4105300000' } },
    {
      ...file('kinds/user-xattr', 'x\n'),
      pax: { 'SCHILY.xattr.user.note': 'hello', 'SCHILY.xattr.user.second': 'two' },
    },
    {
      ...file('kinds/capability', 'x\n'),
      mode: 0o755,
      pax: { 'SCHILY.xattr.security.capability': bindServiceCapability },
    },
    { ...dir('kinds/dir-xattr/'), pax: { 'SCHILY.xattr.user.on-dir': 'v'.repeat(300) } },
    file(`kinds/${long}`, 'longest name\n'),
    file('kinds/sp ace \u00e9\u4e2d.txt', 'name with space and non-ASCII\n'),
    ...deep.split('/').map((_, depth, parts) => dir(`kinds/${parts.slice(0, depth + 1).join('/')}/`)),
    file(`kinds/${deep}/leaf`, 'deep\n'),
    dir('kinds/many/'),
    ...Array.from({ length: 1500 }, (_, index) => file(`kinds/many/file-${index}`, `content ${index}\n`)),
  ];
}

function thirdLayer(): Entry[] {
  return [
    dir('etc/'),
    file('etc/.wh.to-be-deleted', ''),
    file('etc/.wh.never-existed', ''),
    dir('etc/opaque/'),
    file('etc/opaque/.wh..wh..opq', ''),
    file('etc/opaque/upper', 'seen\n'),
    file('etc/replaced', 'now a file\n'),
    file('data/one-byte', 'overwritten\n'),
  ];
}

/** Writes the image into a folder as an OCI layout. */
export async function buildSmallImage(layoutDir: string): Promise<void> {
  const layers: WrittenLayer[] = [];
  for (const entries of [firstLayer(), secondLayer(), thirdLayer()]) {
    layers.push(await writeGzipLayer(layoutDir, tarOf(entries)));
  }
  writeImage(layoutDir, layers, { Env: ['PATH=/bin'], Cmd: ['sh'], WorkingDir: '/' });
}

function tarOf(entries: readonly Entry[]): Readable {
  const pack = createPack();
  for (const { content = '', ...header } of entries) {
    pack.entry({ mtime: new Date(1_700_000_000_000), mode: 0o644, uid: 0, gid: 0, ...header }, Buffer.from(content));
  }
  pack.finalize();
  return Readable.from(pack);
}

function dir(name: string): Entry {
  return { name, type: 'directory', mode: 0o755 };
}

function file(name: string, content: string | Uint8Array): Entry {
  return { name, type: 'file', content };
}

// Unpackers apply a link's mode to the file that it names.
function link(name: string, linkname: string, mode = 0o644): Entry {
  return { name, type: 'link', linkname, mode };
}

// Bytes that differ everywhere, so that a chunk at the wrong place is seen, and compress to about half.
function pattern(length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  let state = 0x9e3779b9 ^ length;
  for (let at = 0; at < length; at++) {
    if (at % 2 === 0) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      bytes[at] = state >>> 24;
    } else bytes[at] = at >>> 12;
  }
  return bytes;
}
