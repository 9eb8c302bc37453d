import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'smol-toml';
import { containerdConfig, dockerConfig } from '../../../action/engine/isolated-config.ts';

const RANGE = '10.213.0.0/16';
const containerd = { job: '1/1/test/', version: '1.7.24', arch: 'x64' };

/** What ours is without the machine's. */
const OURS = {
  'data-root': '/var/lib/lazypull-docker/docker',
  'exec-root': '/run/lazypull-docker/docker',
  pidfile: '/run/lazypull-docker/docker.pid',
  hosts: ['unix:///run/lazypull-docker/docker.sock'],
  containerd: '/run/lazypull-docker/containerd.sock',
  features: { 'containerd-snapshotter': true },
  'storage-driver': 'stargz',
  iptables: false,
  ip6tables: false,
  'userland-proxy': true,
  bridge: 'lazypull0',
  'default-address-pools': [{ base: '10.213.128.0/17', size: 24 }],
};

/** Tables of the parser have no prototype. */
function read(toml: string): unknown {
  return JSON.parse(JSON.stringify(parse(toml)));
}

function docker(machine: object): unknown {
  return JSON.parse(dockerConfig(JSON.stringify(machine), RANGE));
}

suite('the configuration of a second containerd', () => {
  test('has its own places, and our snapshotter', () => {
    assert.deepEqual(read(containerdConfig(containerd)), {
      version: 2,
      root: '/var/lib/lazypull-docker/containerd',
      state: '/run/lazypull-docker/containerd',
      disabled_plugins: [
        'io.containerd.grpc.v1.cri',
        'io.containerd.cri.v1.images',
        'io.containerd.cri.v1.runtime',
        'io.containerd.podsandbox.controller.v1.podsandbox',
        'io.containerd.nri.v1.nri',
      ],
      grpc: { address: '/run/lazypull-docker/containerd.sock' },
      proxy_plugins: {
        stargz: {
          type: 'snapshot',
          address: '/run/lazypull/isolated.sock',
          exports: { root: '/var/lib/lazypull', enable_remote_snapshot_annotations: 'true' },
        },
      },
      plugins: { 'io.containerd.internal.v1.opt': { path: '/var/lib/lazypull-docker/containerd/opt' } },
    });
  });

  test('is of format 3 from containerd 2 on, whose transfer service unpacks from 2.1 on', () => {
    const transfer = (version: string, arch = 'x64'): unknown[] => {
      const { version: format, plugins } = parse(containerdConfig({ ...containerd, version, arch })) as {
        version: number;
        plugins: Record<string, { unpack_config: { platform: string; snapshotter: string }[] }>;
      };
      const unpack = plugins['io.containerd.transfer.v1.local']?.unpack_config;
      return [format, unpack?.map(({ platform, snapshotter }) => `${platform} ${snapshotter}`)];
    };
    assert.deepEqual(transfer('1.7.24'), [2, undefined]);
    assert.deepEqual(transfer('2.0.5'), [3, undefined]);
    assert.deepEqual(transfer('2.1.9'), [3, ['linux/amd64 stargz', 'linux/amd64 overlayfs']]);
    assert.deepEqual(transfer('3.0.0', 'arm64'), [3, ['linux/arm64 stargz', 'linux/arm64 overlayfs']]);
  });

  test('is another one for another job', () => {
    const other = containerdConfig({ ...containerd, job: '2/1/test/' });
    assert.notEqual(other, containerdConfig(containerd));
    assert.deepEqual(read(other), read(containerdConfig(containerd)));
  });

  test('has whatever a job is called in a comment only', () => {
    const odd = containerdConfig({ ...containerd, job: 'a"\nroot = "/"' });
    assert.deepEqual(read(odd), read(containerdConfig(containerd)));
  });
});

suite('the configuration of a second dockerd', () => {
  test('without one of the machine is ours', () => {
    assert.deepEqual(docker({}), OURS);
    for (const text of ['', '[]', 'null', '{"dns": ']) assert.deepEqual(JSON.parse(dockerConfig(text, RANGE)), OURS);
  });

  test('keeps how the machine reaches registries and the world, and what it runs containers with', () => {
    const kept = {
      'registry-mirrors': ['https://mirror.test'],
      'insecure-registries': ['registry.test:5000'],
      dns: ['10.0.0.2'],
      'dns-search': ['test'],
      proxies: { 'http-proxy': 'http://proxy.test:3128' },
      mtu: 1400,
      runtimes: { nvidia: { path: 'nvidia-container-runtime' } },
      'default-runtime': 'nvidia',
      'exec-opts': ['native.cgroupdriver=cgroupfs'],
      'log-driver': 'local',
      'default-ulimits': { nofile: { Name: 'nofile', Soft: 1, Hard: 2 } },
      'firewall-backend': 'nftables',
      debug: true,
      group: 'docker',
    };
    assert.deepEqual(docker(kept), { ...kept, ...OURS });
  });

  test('takes nothing over that only one daemon can have', () => {
    assert.deepEqual(
      docker({
        'data-root': '/mnt/docker',
        graph: '/mnt/docker',
        'exec-root': '/run/docker',
        pidfile: '/run/docker.pid',
        hosts: ['tcp://0.0.0.0:2376'],
        tls: true,
        tlsverify: true,
        tlscacert: '/ca.pem',
        'metrics-addr': '127.0.0.1:9323',
        'storage-driver': 'overlay2',
        'storage-opts': ['overlay2.size=1G'],
        'userns-remap': 'default',
        containerd: '/run/containerd/containerd.sock',
        'containerd-namespace': 'other',
        bridge: 'br0',
        bip: '10.1.0.1/24',
        'fixed-cidr': '10.1.0.0/25',
        'fixed-cidr-v6': 'fd00::/80',
        ipv6: true,
        'default-gateway': '10.1.0.254',
        'default-address-pools': [{ base: '10.2.0.0/16', size: 24 }],
        iptables: true,
        ip6tables: true,
        'ip-forward': false,
        'ip-forward-no-drop': true,
        'ip-masq': false,
        icc: false,
        'userland-proxy': false,
        'live-restore': true,
        'swarm-default-advertise-addr': 'eth0',
        'node-generic-resources': ['GPU=1'],
        'authorization-plugins': ['broker'],
      }),
      OURS,
    );
  });

  test('keeps other features, but none that would take its containerd away', () => {
    const features = { 'containerd-snapshotter': false, 'embedded-containerd': true, cdi: true };
    assert.deepEqual(docker({ features }), { ...OURS, features: { cdi: true, 'containerd-snapshotter': true } });
  });
});
