// The dashboard and the alerts ask for metrics that the daemon has, with labels and values that these have.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { createMetrics } from '../../src/daemon/metrics.ts';
import { sampleStatus } from '../support/daemon-status.ts';

const read = (path: string): string => readFileSync(new URL(`../../packaging/${path}`, import.meta.url), 'utf8');

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(read('grafana/lazypull.json')) as { readonly panels: readonly Panel[] };
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
const { spec } = parse(read('prometheus/rules.yaml')) as {
  readonly spec: { readonly groups: readonly [{ readonly rules: readonly Rule[] }] };
};
const { rules } = spec.groups[0];

/** Names of metrics, and their labels, as a scrape has them. */
async function served(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics(sampleStatus);
  metrics.layerMounted(0.1, 'lazy');
  metrics.faultServed(0.1, 'ok');
  const { text } = await metrics.render();
  const found = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? /gm)) {
    const known = found.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/([a-z]+)="/g)) known.add(label);
    found.set(name, known);
  }
  return found;
}

const queries: (readonly [string, string])[] = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
];

suite('what is asked of Prometheus', () => {
  for (const [title, query] of queries) {
    test(`${title}: ${query.slice(0, 60)}`, async () => {
      const known = await served();
      const selectors = [...query.matchAll(/(lazypull_[a-z_]+)(?:\{([^}]*)\})?/g)];
      assert.ok(selectors.length > 0);
      for (const [, name = '', labels = ''] of selectors) {
        const has = known.get(name);
        assert.ok(has, `the daemon has no ${name}`);
        for (const [, label = ''] of labels.matchAll(/([a-z]+)[!=]~?"/g)) {
          assert.ok(label === 'instance' || has.has(label), `${name} has no label ${label}`);
        }
      }
      assert.equal(query.split('(').length, query.split(')').length);
    });
  }

  test('is about everything that goes wrong', () => {
    const alerts = rules.map(({ expr }) => expr).join('\n');
    for (const name of ['read_errors', 'verification_errors', 'fallbacks'])
      assert.match(alerts, new RegExp(`lazypull_${name}_total`));
    for (const { labels, annotations } of rules) {
      assert.match(labels.severity, /^(critical|warning)$/);
      assert.ok(annotations.summary !== '' && annotations.description !== '');
    }
  });
});

test('the panels of the dashboard are apart from each other', () => {
  const taken = new Set<string>();
  for (const {
    gridPos: { x, y, w, h },
  } of dashboard.panels) {
    assert.ok(x + w <= 24);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        const cell = `${column} ${row}`;
        assert.ok(!taken.has(cell), cell);
        taken.add(cell);
      }
    }
  }
  assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});
