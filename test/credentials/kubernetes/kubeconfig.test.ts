import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inClusterSpec, parseKubeconfig } from '../../../src/credentials/kubernetes/kubeconfig.ts';
import { parseExecCredential } from '../../../src/credentials/kubernetes/login.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig in YAML with these parts; indentation is two more than here. */
function kubeconfig({ cluster = '    server: https://api.test:6443', user = '    token: hush' } = {}): string {
  return `apiVersion: v1
kind: Config
current-context: here
contexts:
- name: there
  context: {cluster: none, user: none}
- name: here
  context: {cluster: c, user: u}
clusters:
- name: c
  cluster:
${cluster}
users:
- name: u
  user:
${user}
`;
}

const parse = (parts?: Parameters<typeof kubeconfig>[0]): ReturnType<typeof parseKubeconfig> =>
  parseKubeconfig(kubeconfig(parts), '/etc/kube/config');

describe('a kubeconfig', () => {
  test('is read: the current context', () => {
    assert.deepEqual(parse(), {
      server: new URL('https://api.test:6443'),
      ca: undefined,
      skipVerify: false,
      serverName: undefined,
      clientCert: undefined,
      clientKey: undefined,
      login: { kind: 'token', token: 'hush' },
    });
  });

  test('is read: certificates in it, and in files beside it', () => {
    const cluster = `    server: https://api.test
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes
    insecure-skip-tls-verify: true`;
    const user = `    client-certificate-data: ${base64('CERT')}\n    client-key: /abs/key.pem`;
    const { ca, skipVerify, serverName, clientCert, clientKey, login } = parse({ cluster, user });
    assert.deepEqual(ca, { path: '/etc/kube/pki/ca.crt' });
    assert.deepEqual([skipVerify, serverName], [true, 'kubernetes']);
    assert.deepEqual([clientCert, clientKey], [{ text: 'CERT' }, { path: '/abs/key.pem' }]);
    assert.deepEqual(login, { kind: 'none' });
  });

  const logins: [title: string, user: string, expected: object][] = [
    ['a token file before a token', '    token: a\n    tokenFile: t', { kind: 'token-file', path: '/etc/kube/t' }],
    [
      'name and password',
      '    username: ann\n    password: hush',
      { kind: 'basic', username: 'ann', password: 'hush' },
    ],
    [
      'a program in PATH',
      '    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: aws\n      args: [eks, get-token]\n      env: [{name: A, value: b}]',
      {
        kind: 'exec',
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'aws',
        args: ['eks', 'get-token'],
        env: { A: 'b' },
      },
    ],
    [
      'a program beside it',
      '    exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./login}',
      {
        kind: 'exec',
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: '/etc/kube/login',
        args: [],
        env: {},
      },
    ],
  ];
  for (const [title, user, expected] of logins) {
    test(`is read: ${title}`, () => assert.deepEqual(parse({ user }).login, expected));
  }

  const broken: [title: string, text: string, message: RegExp][] = [
    ['that is not YAML', 'a: [hush', /config is not YAML/],
    ['without a context', 'users: [{name: u, user: {token: hush}}]', /no current-context/],
    ['whose context is not there', kubeconfig().replace('name: here', 'name: gone'), /no context "here"/],
    ['whose cluster is not there', kubeconfig().replace('- name: c', '- name: d'), /no cluster "c"/],
    ['whose user is not there', kubeconfig().replace('- name: u', '- name: v'), /no user "u"/],
    ['with a server in plain http', kubeconfig({ cluster: '    server: http://api.test' }), /not an https URL/],
    [
      'with a proxy',
      kubeconfig({ cluster: '    server: https://api.test\n    proxy-url: http://p' }),
      /proxy-url is not supported/,
    ],
    ['with a login of old', kubeconfig({ user: '    auth-provider: {name: gcp}' }), /auth-provider is not supported/],
    ['with a program without a name', kubeconfig({ user: '    exec: {apiVersion: x}' }), /exec has no command/],
    [
      'with a program that asks',
      kubeconfig({
        user: '    exec: {apiVersion: client.authentication.k8s.io/v1, command: a, interactiveMode: Always}',
      }),
      /wants to ask a person/,
    ],
  ];
  for (const [title, text, message] of broken) {
    test(`${title} is an error for the user, and not quoted`, () => {
      assert.throws(
        () => parseKubeconfig(text, '/etc/kube/config'),
        (error: Error) => message.test(error.message) && !error.message.includes('hush'),
      );
    });
  }
});

describe('the cluster of a pod', () => {
  test('is where its variables say', () => {
    const spec = inClusterSpec({ KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' }, '/sa');
    assert.equal(spec.server.href, 'https://10.0.0.1/');
    assert.deepEqual([spec.ca, spec.login], [{ path: '/sa/ca.crt' }, { kind: 'token-file', path: '/sa/token' }]);
    assert.equal(spec.skipVerify, false);
  });

  test('may have an IPv6 address', () => {
    const { server } = inClusterSpec({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' });
    assert.equal(server.href, 'https://[fd00::1]:6443/');
  });

  test('is an error where there is none', () => {
    assert.throws(() => inClusterSpec({}), /this is no pod of a cluster[^]*credentials\.kubernetes\.kubeconfig/);
  });
});

describe('what a login program prints', () => {
  const print = (status: object): string => JSON.stringify({ status });

  test('is a token with its end, ten seconds early', () => {
    const { identity, untilMs } = parseExecCredential(
      print({ token: 't', expirationTimestamp: '2030-01-01T00:00:00Z' }),
      'login',
    );
    assert.deepEqual(identity, { authorization: 'Bearer t' });
    assert.equal(untilMs, Date.parse('2030-01-01T00:00:00Z') - 10_000);
  });

  test('may be a certificate, and good for ever', () => {
    const { identity, untilMs } = parseExecCredential(
      print({ clientCertificateData: 'C', clientKeyData: 'K' }),
      'login',
    );
    assert.deepEqual(identity, { authorization: undefined, cert: 'C', key: 'K' });
    assert.equal(untilMs, Infinity);
  });

  for (const [title, output] of [
    ['no JSON', 'hush'],
    ['half a certificate', print({ clientKeyData: 'hush' })],
    ['nothing', '{}'],
  ] as const) {
    test(`is an error that does not quote it when it is ${title}`, () => {
      assert.throws(
        () => parseExecCredential(output, 'login'),
        (error: Error) => error.message.startsWith('login printed') && !error.message.includes('hush'),
      );
    });
  }
});
