import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'smol-toml';
import { buildkitConfig, type BuildkitParts } from '../../../action/engine/buildkit-config.ts';

function made(more: Partial<BuildkitParts> = {}): Record<string, unknown> {
  const parts = { job: '1/1/test/x', gid: 1001, runc: '/usr/bin/runc', mirrors: {}, plainHttp: [], debug: false };
  // Tables come without a prototype.
  return JSON.parse(JSON.stringify(parse(buildkitConfig({ ...parts, ...more })))) as Record<string, unknown>;
}

suite("buildkitd's configuration", () => {
  test('has our snapshotter under the name that is lazy, and places of its own', () => {
    assert.deepEqual(made(), {
      debug: false,
      root: '/var/lib/lazypull-buildkit',
      'insecure-entitlements': ['security.insecure', 'network.host'],
      grpc: { address: ['unix:///run/lazypull-action/buildkitd.sock'], uid: 0, gid: 1001 },
      otel: { socketPath: '/run/lazypull-action/buildkitd-otel.sock' },
      worker: {
        oci: {
          enabled: true,
          snapshotter: 'stargz',
          proxySnapshotterPath: '/run/lazypull/buildkit.sock',
          binary: '/usr/bin/runc',
          networkMode: 'auto',
          gc: true,
        },
        containerd: { enabled: false },
      },
      registry: {},
    });
  });

  test('mirrors are hosts with paths, and those without TLS are marked', () => {
    const mirrors = {
      'docker.io': ['https://mirror.test/', 'http://plain.test:5000/v2/hub'],
      'quay.io': [],
    };
    assert.deepEqual(made({ mirrors, plainHttp: ['registry.test:5000'] })['registry'], {
      'docker.io': { mirrors: ['mirror.test', 'plain.test:5000/v2/hub'] },
      'plain.test:5000': { http: true },
      'registry.test:5000': { http: true },
    });
  });

  test('a mirror that has mirrors of its own keeps both', () => {
    const mirrors = { 'a.test': ['http://b.test'], 'b.test': ['https://c.test'] };
    assert.deepEqual(made({ mirrors })['registry'], {
      'a.test': { mirrors: ['b.test'] },
      'b.test': { http: true, mirrors: ['c.test'] },
    });
  });

  test('a job whose name has a line break writes no line of its own', () => {
    const text = buildkitConfig({
      job: '1\nroot = "/x"',
      gid: 0,
      runc: '/runc',
      mirrors: {},
      plainHttp: [],
      debug: true,
    });
    assert.equal(parse(text)['root'], '/var/lib/lazypull-buildkit');
  });
});
