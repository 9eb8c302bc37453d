// Everything that a process can see of a file tree, as comparable lines: the check that a lazily mounted image is
// the image. Run as a program (`node test/support/tree.ts DIR`), it prints them, so that the process that serves a
// mount never reads it.
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readXattrs } from './xattr.ts';

/** One file, as text facts; `key` is the path relative to the root. */
export interface TreeEntry {
  readonly key: string;
  readonly facts: string;
}

/** All entries below `root`, itself included as `.`, sorted by path. Hard links name the first path of their group. */
export function* walkTree(root: string): Generator<TreeEntry> {
  const firstName = new Map<string, string>();
  yield* walk(root, '.', firstName);
}

function* walk(root: string, key: string, firstName: Map<string, string>): Generator<TreeEntry> {
  const path = join(root, key);
  const stat = lstatSync(path);
  yield { key, facts: describe(path, key, stat, firstName) };
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path).sort()) yield* walk(root, key === '.' ? name : `${key}/${name}`, firstName);
}

function describe(path: string, key: string, stat: Stats, firstName: Map<string, string>): string {
  const facts = [
    `mode=${stat.mode.toString(8)}`,
    `owner=${stat.uid}:${stat.gid}`,
    `mtime=${Math.floor(stat.mtimeMs / 1000)}`,
  ];
  if (!stat.isDirectory()) facts.push(`size=${stat.size}`, `nlink=${stat.nlink}`);
  if (stat.isSymbolicLink()) facts.push(`target=${readlinkSync(path)}`);
  if (stat.isCharacterDevice() || stat.isBlockDevice()) facts.push(`rdev=${stat.rdev}`);
  if (stat.nlink > 1 && !stat.isDirectory()) {
    const id = `${stat.dev}:${stat.ino}`;
    facts.push(`link-of=${firstName.get(id) ?? key}`);
    if (!firstName.has(id)) firstName.set(id, key);
  }
  if (stat.isFile()) facts.push(`sha256=${hashFile(path)}`);
  for (const [name, value] of readXattrs(path)) {
    // Overlayfs's own marks are how a snapshotter keeps a tree, not what the image says.
    if (!name.startsWith('trusted.overlay.')) facts.push(`xattr:${name}=${value.toString('hex')}`);
  }
  return facts.join(' ');
}

const buffer = Buffer.alloc(1 << 20);

function hashFile(path: string): string {
  const hash = createHash('sha256');
  const fd = openSync(path, 'r');
  try {
    for (let length; (length = readSync(fd, buffer)) > 0;) hash.update(buffer.subarray(0, length));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

/** Lines that stand in only one of two trees, at most `most`, as `- left` and `+ right`. Empty when they are equal. */
export function diffTrees(left: Iterable<TreeEntry>, right: Iterable<TreeEntry>, most = 20): string[] {
  const rest = new Map([...right].map((entry) => [entry.key, entry.facts]));
  const out: string[] = [];
  for (const { key, facts } of left) {
    const other = rest.get(key);
    rest.delete(key);
    if (other === facts) continue;
    out.push(`- ${key} ${facts}`);
    if (other !== undefined) out.push(`+ ${key} ${other}`);
  }
  for (const [key, facts] of rest) out.push(`+ ${key} ${facts}`);
  return out.slice(0, most);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = process.argv[2];
  if (root === undefined) throw new Error('usage: node test/support/tree.ts DIR');
  for (const entry of walkTree(root)) process.stdout.write(`${JSON.stringify(entry)}\n`);
}
