// /proc/self/mountinfo as kernels write it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../src/errors.ts';
import { findMount, mountsBelow, parseMountinfo, readMountinfo } from '../../src/fuse/mountinfo.ts';

const TEXT = `22 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/root rw,discard
40 22 0:39 / /run/lazypull/fuse ro,nosuid,nodev - fuse.lazypull lazypull ro,user_id=0,group_id=0
41 22 0:40 /sub\\040dir /run/lazypull/m/1\\134\\011x ro - erofs /run/lazypull/fuse/a\\040b ro
42 41 0:41 / /run/lazypull/m/1\\134\\011x rw - tmpfs none rw
43 22 0:42 / /run/lazypullx rw - tmpfs none rw
`;

test('every field of a line is there, with octal escapes resolved', () => {
  assert.deepEqual(parseMountinfo(TEXT)[2], {
    mountId: 41,
    parentId: 22,
    device: '0:40',
    root: '/sub dir',
    mountpoint: '/run/lazypull/m/1\\\tx',
    mountOptions: ['ro'],
    type: 'erofs',
    source: '/run/lazypull/fuse/a b',
    superOptions: ['ro'],
  });
});

test('optional fields before the dash are skipped, however many', () => {
  assert.equal(parseMountinfo(TEXT)[0]?.type, 'ext4');
});

test('the topmost mount of a place is found, and none where nothing is mounted', () => {
  const entries = parseMountinfo(TEXT);
  assert.equal(findMount('/run/lazypull/m/1\\\tx', entries)?.type, 'tmpfs');
  assert.equal(findMount('/run/lazypull', entries), undefined);
});

test('mounts below a folder come latest first, without neighbours whose names begin alike', () => {
  assert.deepEqual(
    mountsBelow('/run/lazypull', parseMountinfo(TEXT)).map(({ mountId }) => mountId),
    [42, 41, 40],
  );
});

test('a line without its dash is refused', () => {
  assert.throws(() => parseMountinfo('22 1 254:0 / / rw,relatime shared:1\n'), FormatError);
});

test('what this kernel says can be read', () => {
  assert.notEqual(findMount('/', readMountinfo()), undefined);
});
