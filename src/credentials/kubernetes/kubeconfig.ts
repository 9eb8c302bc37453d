// How a cluster is reached: the current context of a kubeconfig, or the service account of the pod that we run in. Parsing
// reads no other file: what lies elsewhere is named, and read for every connection, because tokens and certificates rotate.
// No error here quotes a file: they hold secrets.
// https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
import { isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../errors.ts';
import { fieldsOf, stringOf, type Fields } from '../../registry/auth-entry.ts';

/** A PEM text, or the file that has it. */
export type Pem = { readonly text: string } | { readonly path: string };

/** How we say who we are, beside or instead of a client certificate. */
export type Login =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'token-file'; readonly path: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | ExecLogin;

/** A program that prints an ExecCredential. */
export interface ExecLogin {
  readonly kind: 'exec';
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ClusterSpec {
  readonly server: URL;
  readonly ca: Pem | undefined;
  readonly skipVerify: boolean;
  /** The name to be proven by the server, when it is not that of the URL. */
  readonly serverName: string | undefined;
  readonly clientCert: Pem | undefined;
  readonly clientKey: Pem | undefined;
  readonly login: Login;
}

/** Where a pod finds its service account. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The cluster that this process runs in. @throws UserError when it runs in none. */
export function inClusterSpec(env: NodeJS.ProcessEnv, folder: string = SERVICE_ACCOUNT_FOLDER): ClusterSpec {
  const [host, port] = [env['KUBERNETES_SERVICE_HOST'], env['KUBERNETES_SERVICE_PORT']];
  if (!host || !port)
    throw new UserError(
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod of a cluster',
      'Set credentials.kubernetes.kubeconfig.',
    );
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    ca: { path: join(folder, 'ca.crt') },
    skipVerify: false,
    serverName: undefined,
    clientCert: undefined,
    clientKey: undefined,
    login: { kind: 'token-file', path: join(folder, 'token') },
  };
}

/** The current context of a kubeconfig. `path` is for messages and relative paths. @throws UserError */
export function parseKubeconfig(text: string, path: string): ClusterSpec {
  const config = fieldsOf(parseYaml(text, path));
  const contextName = stringOf(config['current-context']);
  if (contextName === undefined) throw new UserError(`${path} has no current-context`);
  const context = named(config, 'contexts', contextName, 'context', path);
  const cluster = named(config, 'clusters', stringOf(context['cluster']) ?? '', 'cluster', path);
  const userName = stringOf(context['user']);
  const user = userName === undefined ? {} : named(config, 'users', userName, 'user', path);
  if (stringOf(cluster['proxy-url']) !== undefined)
    throw new UserError(`${path}: a proxy-url is not supported`, 'Name a server that is reached directly.');
  const folder = join(path, '..');
  return {
    server: serverOf(cluster, path),
    ca: pem(cluster, 'certificate-authority', folder),
    skipVerify: cluster['insecure-skip-tls-verify'] === true,
    serverName: stringOf(cluster['tls-server-name']),
    clientCert: pem(user, 'client-certificate', folder),
    clientKey: pem(user, 'client-key', folder),
    login: loginOf(user, path, folder),
  };
}

function loginOf(user: Fields, path: string, folder: string): Login {
  const tokenFile = stringOf(user['tokenFile']);
  if (tokenFile !== undefined) return { kind: 'token-file', path: below(folder, tokenFile) };
  const token = stringOf(user['token']);
  if (token !== undefined) return { kind: 'token', token };
  const [username, password] = [stringOf(user['username']), stringOf(user['password'])];
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password };
  if (user['exec'] !== undefined && user['exec'] !== null) return execOf(fieldsOf(user['exec']), path, folder);
  if (user['auth-provider'] !== undefined && user['auth-provider'] !== null)
    throw new UserError(`${path}: an auth-provider is not supported`, 'Use exec, as Kubernetes 1.26 and later do.');
  return { kind: 'none' };
}

function execOf(exec: Fields, path: string, folder: string): ExecLogin {
  const [command, apiVersion] = [stringOf(exec['command']), stringOf(exec['apiVersion'])];
  if (command === undefined || apiVersion === undefined || !apiVersion.startsWith('client.authentication.k8s.io/v1'))
    throw new UserError(`${path}: exec has no command, or no apiVersion client.authentication.k8s.io/v1`);
  if (exec['interactiveMode'] === 'Always')
    throw new UserError(`${path}: ${command} wants to ask a person`, 'Use a login that needs none.');
  const variables = listOf(exec['env']).map((one) => [stringOf(one['name']) ?? '', stringOf(one['value']) ?? '']);
  const args = Array.isArray(exec['args']) ? exec['args'].map(String) : [];
  // As kubectl: a name is looked for in PATH, a relative path in the folder of the file.
  const program = command.includes('/') ? below(folder, command) : command;
  return { kind: 'exec', apiVersion, command: program, args, env: Object.fromEntries(variables) as ExecLogin['env'] };
}

function serverOf(cluster: Fields, path: string): URL {
  const server = URL.parse(stringOf(cluster['server']) ?? '');
  if (server?.protocol !== 'https:')
    throw new UserError(`${path}: the server of the current context is not an https URL`);
  return server;
}

function pem(fields: Fields, name: string, folder: string): Pem | undefined {
  const data = stringOf(fields[`${name}-data`]);
  if (data !== undefined) return { text: Buffer.from(data, 'base64').toString('utf8') };
  const file = stringOf(fields[name]);
  return file === undefined ? undefined : { path: below(folder, file) };
}

/** `clusters: [{ name, cluster }]` and its likes. */
function named(config: Fields, list: string, name: string, field: string, path: string): Fields {
  const found = listOf(config[list]).find((one) => one['name'] === name);
  if (found === undefined) throw new UserError(`${path}: there is no ${field} ${JSON.stringify(name)}`);
  return fieldsOf(found[field]);
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function below(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch {
    // Not passed on: the message of the parser quotes the text.
    throw new UserError(`${path} is not YAML`);
  }
}
