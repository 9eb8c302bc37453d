// A real registry (distribution's docker-registry) for conformance and benchmarks, and pushing layouts to any registry
// with skopeo. Tests that want faults or request counts use registry.ts instead.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireProgram } from './needs.ts';
import { run } from './run.ts';

/** Where the registry stores and listens. */
export interface RegistryProcessOptions {
  /** Folder of its storage, configuration and log. Absolute. */
  readonly dir: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one; with `netns` 5000. */
  readonly port?: number;
  /** Network namespace below /run/netns that it runs in. */
  readonly netns?: string;
}

/** A running registry that speaks plain http. */
export interface RegistryProcess extends AsyncDisposable {
  /** `host:port`, the first part of a reference. */
  readonly host: string;
  readonly url: string;
  readonly pid: number;
  /** Its access log, one line a request. */
  log(): string;
}

/** Starts docker-registry and waits until it listens. @throws Error with its log when it does not. */
export async function startRegistryProcess(options: RegistryProcessOptions): Promise<RegistryProcess> {
  const { dir, netns } = options;
  const port = options.port ?? (netns === undefined ? await freePort() : 5000);
  const host = `${options.host ?? '127.0.0.1'}:${port}`;
  mkdirSync(dir, { recursive: true });
  const configPath = join(dir, 'registry.yml');
  writeFileSync(configPath, registryConfig(join(dir, 'storage'), host));
  const logPath = join(dir, 'registry.log');
  const log = openSync(logPath, 'w');
  const program = requireProgram('docker-registry');
  const [file, args] = inNetns(netns, program, ['serve', configPath]);
  const env = { ...process.env, OTEL_TRACES_EXPORTER: 'none' };
  const child = spawn(file, args, { env, stdio: ['ignore', log, log] });
  closeSync(log);
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const readLog = (): string => readFileSync(logPath, 'utf8');
  for (let tries = 0; !readLog().includes('listening on'); tries++) {
    if (child.exitCode !== null || tries > 500) {
      await stop();
      throw new Error(`docker-registry does not listen on ${host}:\n${readLog().slice(-2000)}`);
    }
    await sleep(20);
  }
  return { host, url: `http://${host}`, pid: child.pid ?? -1, log: readLog, [Symbol.asyncDispose]: stop };
}

/**
 * Copies the image of a layout to a registry, byte for byte.
 * @param reference is `host:port/name:tag`; the registry is spoken to in plain http, or in https with any certificate.
 */
export async function pushLayout(layoutDir: string, reference: string, netns?: string): Promise<void> {
  const copy = ['copy', '--insecure-policy', '--dest-tls-verify=false', '--preserve-digests', '--quiet'];
  const args = [...copy, `oci:${layoutDir}:latest`, `docker://${reference}`];
  await run(...inNetns(netns, requireProgram('skopeo'), args), { timeoutMs: 300_000 });
}

function registryConfig(storage: string, address: string): string {
  return `version: 0.1
log: { level: info, accesslog: { disabled: false } }
storage:
  filesystem: { rootdirectory: ${JSON.stringify(storage)} }
  delete: { enabled: true }
http:
  addr: ${JSON.stringify(address)}
  secret: not-a-secret-of-anything
`;
}

function inNetns(netns: string | undefined, program: string, args: readonly string[]): [string, readonly string[]] {
  return netns === undefined ? [program, args] : ['nsenter', [`--net=/run/netns/${netns}`, program, ...args]];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
