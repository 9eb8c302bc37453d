// What the manifests for a cluster say of themselves and of each other: names that have to be the same, rights that nobody has,
// and arguments that the command takes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { buildProgram } from '../../src/cli/program.ts';
import { KEYS } from '../../src/config/keys.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>> & {
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
  };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe?: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly livenessProbe?: object;
  readonly resources: { readonly requests: object; readonly limits: { readonly memory: string } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly env?: readonly object[];
}
interface PodSpec {
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly {
    readonly name: string;
    readonly hostPath?: { readonly path: string };
    readonly configMap?: { readonly name: string };
  }[];
  readonly automountServiceAccountToken: boolean;
  readonly serviceAccountName: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly affinity?: object;
  readonly hostPID?: boolean;
  readonly hostNetwork?: boolean;
}
interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Record<string, string> };
    readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: PodSpec };
  };
}

const BASE = new URL('../../packaging/kubernetes/base/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, BASE), 'utf8');
const documentsOf = (name: string): unknown[] =>
  parseAllDocuments(read(name)).map((document) => {
    assert.deepEqual([document.errors, document.warnings], [[], []], name);
    return document.toJS() as unknown;
  });
const kustomization = documentsOf('kustomization.yaml')[0] as {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
  readonly images: readonly { readonly name: string }[];
};
const resources = kustomization.resources.flatMap((name) => documentsOf(name)) as Resource[];
const sets = resources.filter(({ kind }) => kind === 'DaemonSet');
const containersOf = ({ spec }: Resource): Container[] => [
  ...spec.template.spec.initContainers,
  ...spec.template.spec.containers,
];

suite('the Kustomize base', () => {
  test('names every file of its folder, and nothing else', () => {
    const named = [...kustomization.resources, ...kustomization.configMapGenerator.flatMap(({ files }) => files)];
    assert.deepEqual([...named, 'kustomization.yaml'].sort(), readdirSync(BASE).sort());
  });

  test('has a namespace, an account without rights, and two sets; no role, no secret', () => {
    assert.deepEqual(
      resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['Namespace lazypull', 'ServiceAccount lazypull', 'DaemonSet lazypull', 'DaemonSet lazypull-removal'],
    );
    for (const { spec } of sets) {
      assert.equal(spec.template.spec.automountServiceAccountToken, false);
      assert.equal(spec.template.spec.serviceAccountName, 'lazypull');
    }
    assert.doesNotMatch(JSON.stringify(resources), /secret(?!ion)/i);
  });

  test('selects the pods that it makes', () => {
    for (const { spec } of sets) {
      const { labels } = spec.template.metadata;
      for (const [name, value] of Object.entries(spec.selector.matchLabels)) assert.equal(labels[name], value);
    }
    assert.notDeepEqual(sets[0]?.spec.selector, sets[1]?.spec.selector);
  });

  test('runs on a node either the one set or the other', () => {
    const [node, removal] = sets;
    assert.match(JSON.stringify(node?.spec.template.spec.affinity), /"lazypull.dev\/remove","operator":"DoesNotExist"/);
    assert.equal(removal?.spec.template.spec.nodeSelector['lazypull.dev/remove'], 'true');
  });

  test('mounts what it has, and uses what it mounts', () => {
    for (const set of sets) {
      const { volumes } = set.spec.template.spec;
      const mounted = containersOf(set).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
      assert.deepEqual([...new Set(mounted)].sort(), volumes.map(({ name }) => name).sort());
    }
    const generated = kustomization.configMapGenerator.map(({ name }) => name);
    const used = sets.flatMap(({ spec }) =>
      spec.template.spec.volumes.flatMap(({ configMap }) => configMap?.name ?? []),
    );
    assert.deepEqual(used, generated);
  });

  test('has one image, which is the one that an overlay names', () => {
    const images = new Set(sets.flatMap((set) => containersOf(set).map(({ image }) => image)));
    assert.deepEqual(
      [...images],
      kustomization.images.map(({ name }) => name),
    );
  });

  test('gives no container more than it needs', () => {
    for (const set of sets) {
      const { hostPID, hostNetwork } = set.spec.template.spec;
      assert.deepEqual([hostPID, hostNetwork], [true, undefined]);
      for (const { name, securityContext, resources, env, volumeMounts = [] } of containersOf(set)) {
        const { capabilities, privileged, allowPrivilegeEscalation, readOnlyRootFilesystem } = securityContext;
        assert.deepEqual([privileged, allowPrivilegeEscalation, readOnlyRootFilesystem], [false, false, true], name);
        assert.deepEqual(capabilities.drop, ['ALL'], name);
        const isInstaller = name === 'install' || name === 'uninstall';
        assert.deepEqual(capabilities.add, isInstaller ? ['SYS_CHROOT'] : undefined, name);
        assert.equal(
          volumeMounts.some(({ name, readOnly }) => name === 'host' && readOnly !== true),
          isInstaller,
          name,
        );
        assert.ok(resources.limits.memory, name);
        assert.equal(env, undefined, name);
      }
    }
  });

  test('asks a port that is there whether it is ready, and restarts nothing', () => {
    const [observe] = sets[0]?.spec.template.spec.containers ?? [];
    const port = observe?.ports?.find(({ name }) => name === observe.readinessProbe?.httpGet.port);
    assert.equal(observe?.readinessProbe?.httpGet.path, '/healthz');
    assert.equal(observe?.args[observe.args.indexOf('--listen') + 1], `:${port?.containerPort}`);
    for (const set of sets) for (const { livenessProbe } of containersOf(set)) assert.equal(livenessProbe, undefined);
  });

  test('says to the command what the command takes', () => {
    const program = buildProgram();
    for (const { args } of sets.flatMap(containersOf)) {
      const [name, ...rest] = args;
      const command = program.commands.find((one) => one.name() === name);
      assert.ok(command, name);
      for (const flag of rest.filter((word) => word.startsWith('--'))) {
        assert.ok(
          command.options.some(({ long }) => long === flag),
          `${name} ${flag}`,
        );
      }
    }
  });

  test('has a configuration of keys that there are', () => {
    const known = new Set(KEYS.map(({ key }) => key));
    const tables = parseToml(read('config.toml')) as Record<string, Record<string, unknown>>;
    const keys = Object.entries(tables).flatMap(([table, values]) =>
      Object.keys(values).map((key) => `${table}.${key}`),
    );
    assert.ok(keys.length > 0);
    for (const key of keys) assert.ok(known.has(key), key);
  });
});
