import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupMount } from './machine-cgroup.ts';

const v1 = '31 30 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory';

test('the cgroup v2 filesystem is found where it is all there is, and beside v1 controllers', () => {
  assert.equal(cgroupMount('30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n'), '/sys/fs/cgroup');
  const hybrid = `${v1}\n40 30 0:36 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n`;
  assert.equal(cgroupMount(hybrid), '/sys/fs/cgroup/unified');
});

test('v1 controllers alone are no cgroup v2 filesystem', () => {
  assert.equal(cgroupMount(v1), undefined);
});
