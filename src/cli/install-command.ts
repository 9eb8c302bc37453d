// `lazypull install` and `lazypull uninstall`: what is done, a line each.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../config.ts';
import type { DrainStatus } from '../daemon/status.ts';
import { UserError } from '../errors.ts';
import { applyAll } from '../install/changes.ts';
import { type InstallPlan, planInstall, tidyInstall } from '../install/install.ts';
import { readReceipt } from '../install/receipt.ts';
import { finish, planUninstall, uninstall } from '../install/uninstall.ts';
import { ControlClient } from './control-client.ts';
import { isComplete } from './drain-command.ts';
import { drainText } from './drain-text.ts';
import { EXIT_INCOMPLETE, EXIT_OK, NoDaemonError } from './exit-codes.ts';

type Flags = Readonly<Record<string, string | boolean>>;

const LOOK_MS = 250;
/** A daemon that has nothing to serve ends a few seconds after it was told to go. */
const GONE_MS = 10_000;

/** @returns the exit status. @throws UserError for what has to be changed first; LazypullError when it failed and was taken back. */
export async function runInstall(flags: Flags): Promise<number> {
  const host = textOf(flags['host']);
  if (host !== undefined) return await onHost(host, ['install', ...wordsOf(flags)], textOf(flags['config']));
  const plan = await planInstall({
    entry: process.argv[1] ?? '',
    configFile: textOf(flags['config']),
    containerdUnit: textOf(flags['containerdUnit']) ?? '',
    containerdConfig: textOf(flags['containerdConfig']),
    offline: flags['offline'] === true,
    connect: (socket) => new ControlClient(socket),
  });
  const told = plan.changes.flatMap(({ title }) => (title === '' ? [] : [title]));
  if (told.length === 0) say('everything is as it should be');
  if (flags['dryRun'] === true) {
    for (const title of told) say(`would ${title}`);
    for (const line of changedLines(plan.containerd)) say(line);
  } else {
    await applyAll(plan.changes, say);
    if (flags['offline'] !== true) await tidyInstall();
  }
  for (const sentence of plan.told) say(`note: ${sentence}`);
  return EXIT_OK;
}

/** @returns the exit status. */
export async function runUninstall(flags: Flags): Promise<number> {
  const host = textOf(flags['host']);
  if (host !== undefined) return await onHost(host, ['uninstall', ...wordsOf(flags)]);
  if (flags['ifInstalled'] === true && readReceipt() === undefined) {
    say('lazypull install has not been here');
    return EXIT_OK;
  }
  if (flags['finish'] === true) {
    await finish();
    return EXIT_OK;
  }
  if (flags['dryRun'] === true) {
    for (const line of await planUninstall()) say(`would ${line}`);
    return EXIT_OK;
  }
  const timeout = textOf(flags['timeout']) ?? '';
  if (!/^\d{1,6}$/.test(timeout)) throw new UserError(`--timeout ${timeout}`, 'It wants a number of seconds.');
  const isJson = flags['json'] === true;
  // Before: the daemon takes its configuration along.
  const client = new ControlClient(loadConfig().config.control.socket);
  const removed = await uninstall({
    connect: (socket) => new ControlClient(socket),
    tell: isJson ? () => {} : say,
  });
  if (!isJson) for (const name of removed) say(`removed the image ${name}`);
  const drain = await untilGone(client, Number(timeout) * 1000);
  if (isJson) say(JSON.stringify({ removedImages: removed, gone: drain === undefined, drain }, undefined, 2));
  else say(drain === undefined ? 'lazypull is gone' : `${drainText(drain)}The daemon goes with the last of them.`);
  return drain === undefined || isComplete(drain) ? EXIT_OK : EXIT_INCOMPLETE;
}

/** Waits for the end of the daemon, or, while containers need it, until they need no registry. @returns how it stands then. */
async function untilGone(client: ControlClient, limitMs: number): Promise<DrainStatus | undefined> {
  const begun = Date.now();
  for (;;) {
    if (readReceipt() === undefined) return undefined;
    const drain = await drainOf(client);
    const waitedMs = Date.now() - begun;
    if (drain !== undefined && waitedMs >= limitMs) return drain;
    // Nobody uses anything any more, but snapshots may still be about to go.
    if (drain !== undefined && isComplete(drain) && (drain.users.length > 0 || waitedMs > GONE_MS)) return drain;
    await sleep(LOOK_MS);
  }
}

async function drainOf(client: ControlClient): Promise<DrainStatus | undefined> {
  try {
    return (await client.status()).drain;
  } catch (error) {
    if (error instanceof NoDaemonError) return undefined;
    throw error;
  }
}

/** Lines that go and lines that come, for a person. */
function changedLines({ path, before, after }: InstallPlan['containerd']): string[] {
  const [old, now] = [before, after].map((text) => text.split('\n').filter((line) => line.trim() !== ''));
  if (old === undefined || now === undefined || before === after) return [`${path} stays as it is`];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const added = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [`${path}:`, ...gone, ...added];
}

/** The flags that mean the same on the node. */
function wordsOf(flags: Flags): string[] {
  const names = { containerdUnit: 'containerd-unit', containerdConfig: 'containerd-config', timeout: 'timeout' };
  const values = Object.entries(names).flatMap(([key, name]) => {
    const value = textOf(flags[key]);
    return value === undefined ? [] : [`--${name}`, value];
  });
  const switches = { dryRun: 'dry-run', offline: 'offline', json: 'json', ifInstalled: 'if-installed' };
  const set = Object.entries(switches).flatMap(([key, name]) => (flags[key] === true ? [`--${name}`] : []));
  return [...values, ...set];
}

async function onHost(root: string, args: readonly string[], configFile?: string): Promise<number> {
  const { runOnHost } = await import('../install/host.ts');
  return await runOnHost({ root, entry: process.argv[1] ?? '', args, configFile });
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
