// Runs the cache client in its process, within limits of our own. Unpacking goes through tar with `-P`: links and names
// with `..` could lead anywhere, so tar is told to drop every folder from every name.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { describeError } from '../../src/errors.ts';
import type { ClientAnswer, ClientTask } from './client-main.ts';
import { type ClientResult, isComplaint, judge, parseSpoken, shownText } from './client-words.ts';
import { watchFolders, type WatchLimits } from './watch.ts';

/** How the client is run. */
export interface ClientOptions {
  /** Where packs are, or shall be. A real path: no link in it. */
  readonly folder: string;
  /** For archives. The caller removes it. */
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limits: WatchLimits;
  /** Gets all that the client says, with no secret in it. */
  readonly debug: (message: string) => void;
}

/** Names in the archive become names in the folder that tar works in, those of links too. GNU tar reads these from TAR_OPTIONS. */
const FLATTEN = '--transform=s,.*/,, --transform=s,^[.][.]*$,dots, --no-same-owner --no-same-permissions';

/** Ends with the client and all that it started. Never rejects. A client that was stopped may leave half of an entry in the folder. */
export async function runClient(task: ClientTask, options: ClientOptions): Promise<ClientResult> {
  const { folder, temporary, limits } = options;
  const [program, ...args] = clientCommand();
  // A group of its own, so that tar ends with it; its input stays open as long as this process lives.
  const child = spawn(program, [...args, JSON.stringify(task)], {
    cwd: folder,
    env: clientEnvironment(task, options),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new AbortController();
  const watching = watchFolders(task.do === 'restore' ? [folder, temporary] : [], limits, ended.signal);
  void watching.then((reason) => {
    if (reason !== undefined) endGroup(child);
  });
  const complaints: string[] = [];
  try {
    const [answer] = await Promise.all([answerOf(child), listen(child, complaints, options)]);
    ended.abort();
    return judge(task.do, answer, await watching, complaints);
  } catch (error) {
    ended.abort();
    return judge(task.do, { error: describeError(error) }, await watching, complaints);
  }
}

/** Where the program lies: beside this file, and in dist/ beside everything. */
function clientCommand(): [node: string, program: string] {
  const isSource = import.meta.filename.endsWith('.ts');
  return [process.execPath, join(import.meta.dirname, isSource ? 'client-main.ts' : 'cache-client.js')];
}

/**
 * The archive's names are relative to the workspace, which for the client is the folder itself. The client puts paths into
 * a command line that it splits at blanks: those of RUNNER_TEMP are not in it then.
 */
function clientEnvironment({ do: what }: ClientTask, options: ClientOptions): NodeJS.ProcessEnv {
  const { folder, temporary } = options;
  const { TAR_OPTIONS: _, ...env } = options.env;
  if (what === 'save') return { ...env, GITHUB_WORKSPACE: folder, RUNNER_TEMP: temporary };
  return { ...env, GITHUB_WORKSPACE: '.', RUNNER_TEMP: relative(folder, temporary), TAR_OPTIONS: FLATTEN };
}

async function answerOf(child: ChildProcess): Promise<ClientAnswer | undefined> {
  const [answer] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'close')]);
  return answer === '' ? undefined : (JSON.parse(answer) as ClientAnswer);
}

/** Resolves when both streams have ended. */
async function listen(child: ChildProcess, complaints: string[], options: ClientOptions): Promise<void> {
  const token = options.env['ACTIONS_RUNTIME_TOKEN'] ?? '';
  const secrets = token === '' ? [] : [token];
  const hear = async (stream: Readable): Promise<void> => {
    for await (const line of createInterface({ input: stream })) {
      const spoken = parseSpoken(line);
      // Signatures of URLs: the client names them before it says anything with them.
      if (spoken.kind === 'add-mask') {
        if (spoken.text !== '') secrets.push(spoken.text);
        continue;
      }
      const shown = shownText(spoken.text, secrets);
      if (isComplaint(spoken)) complaints.push(shown);
      if (shown !== '') options.debug(`cache client: ${shown}`);
    }
  };
  await Promise.all([hear(child.stdout!), hear(child.stderr!)]);
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
