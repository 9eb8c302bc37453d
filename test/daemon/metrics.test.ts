import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createMetrics } from '../../src/daemon/metrics.ts';
import { sampleStatus } from '../support/daemon-status.ts';

const SAMPLES = [
  'lazypull_registry_requests_total 11',
  'lazypull_registry_retries_total 1',
  'lazypull_registry_fetched_bytes_total 1080',
  'lazypull_reads_total 200',
  'lazypull_read_bytes_total 400000',
  'lazypull_faults_total 3',
  'lazypull_read_errors_total 4',
  'lazypull_verification_errors_total 5',
  'lazypull_lazy_mounts_total 2',
  'lazypull_fallbacks_total{kind="not-estargz"} 1',
  'lazypull_fallbacks_total{kind="registry"} 2',
  'lazypull_info{version="0.1.0",tier="A",transport="wire"} 1',
  'lazypull_start_time_seconds 1700000000',
  'lazypull_generation 3',
  'lazypull_resident_memory_bytes 99000000',
  'lazypull_cache_bytes 12345',
  'lazypull_cache_layers 2',
  'lazypull_cache_limit_bytes 1000000',
  'lazypull_images 2',
  'lazypull_layers{state="lazy"} 1',
  'lazypull_layers{state="complete"} 1',
  'lazypull_layers{state="ordinary"} 1',
  'lazypull_snapshots{consumer="containerd"} 5',
  'lazypull_layer_mount_seconds_count{outcome="lazy"} 1',
  'lazypull_layer_mount_seconds_sum{outcome="lazy"} 0.2',
  'lazypull_layer_mount_seconds_bucket{le="0.1",outcome="lazy"} 0',
  'lazypull_layer_mount_seconds_bucket{le="0.3",outcome="lazy"} 1',
  'lazypull_fault_seconds_count{outcome="error"} 1',
];

test('every figure of the status is a sample, the same at every scrape', async () => {
  const metrics = createMetrics(sampleStatus);
  metrics.layerMounted(0.2, 'lazy');
  metrics.faultServed(2, 'error');
  for (let scrape = 0; scrape < 2; scrape++) {
    const { text, contentType } = await metrics.render();
    assert.match(contentType, /^text\/plain; version=0\.0\.4/);
    for (const sample of SAMPLES) assert.ok(text.split('\n').includes(sample), `${sample} in\n${text}`);
  }
});

test('a consumer that is gone leaves no sample behind', async () => {
  let status = sampleStatus();
  const metrics = createMetrics(() => status);
  await metrics.render();
  status = { ...status, consumers: [] };
  assert.doesNotMatch((await metrics.render()).text, /lazypull_snapshots\{/);
});

test('two daemons in one process do not share metrics', async () => {
  const first = createMetrics(sampleStatus);
  first.layerMounted(1, 'ordinary');
  assert.doesNotMatch((await createMetrics(sampleStatus).render()).text, /outcome="ordinary"/);
});

test('docs/metrics.md names every metric and its labels, and no other', async () => {
  const { text } = await createMetrics(sampleStatus).render();
  const real = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? '').sort();
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `(lazypull_\w+)` \|/gm)].map((match) => match[1] ?? '').sort();
  assert.deepEqual(documented, real);
});
