// Extended attributes of a path, links not followed: Node has no call for them.
import koffi from 'koffi';

const libc = koffi.load(null);
const llistxattr = libc.func('intptr_t llistxattr(const char *path, _Out_ uint8_t *list, size_t size)');
const lgetxattr = libc.func(
  'intptr_t lgetxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)',
);
const lsetxattr = libc.func(
  'int lsetxattr(const char *path, const char *name, const uint8_t *value, size_t size, int flags)',
);

const MAX = 64 * 1024; // the kernel's XATTR_LIST_MAX and XATTR_SIZE_MAX

/** Names to values, sorted by name. Empty where the filesystem has none. */
export function readXattrs(path: string): Map<string, Buffer> {
  const list = Buffer.alloc(MAX);
  const length = Number(llistxattr(path, list, MAX));
  if (length < 0) {
    if (koffi.errno() === koffi.os.errno['EOPNOTSUPP']) return new Map();
    throw new Error(`llistxattr ${path}: errno ${koffi.errno()}`);
  }
  const names = list.subarray(0, length).toString('utf8').split('\0').filter(Boolean).sort();
  return new Map(names.map((name) => [name, readXattr(path, name)]));
}

function readXattr(path: string, name: string): Buffer {
  const value = Buffer.alloc(MAX);
  const length = Number(lgetxattr(path, name, value, MAX));
  if (length < 0) throw new Error(`lgetxattr ${path} ${name}: errno ${koffi.errno()}`);
  return Buffer.from(value.subarray(0, length));
}

/** @throws Error with the errno when the filesystem refuses. */
export function writeXattr(path: string, name: string, value: Uint8Array): void {
  if (lsetxattr(path, name, value, value.length, 0) !== 0)
    throw new Error(`lsetxattr ${path} ${name}: errno ${koffi.errno()}`);
}
