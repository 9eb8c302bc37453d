// Images that a workflow names in `images` are pulled before its steps need them, in the way of the engine that will use
// them. It is a favour: what fails here will be pulled, and fail or not, when it is used.
import type { EngineReady } from './engine/model.ts';
import { daemonEnvironment } from './daemon-config.ts';
import type { Host } from './host.ts';
import { lazypullCommand } from './lazypull-command.ts';
import { lastLines } from './process-text.ts';
import { Place } from './state.ts';

const AT_ONCE = 4;
const TIMEOUT_MS = 600_000;

export interface PullContext {
  readonly host: Host;
  readonly engine: EngineReady;
  readonly images: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly info: (message: string) => void;
  readonly notice: (message: string) => void;
  /** Program and arguments of `lazypull` instead of those beside the action. */
  readonly program?: readonly string[];
}

/** Pulls all of them, some at a time. Never rejects for an image. */
export async function pullImages(context: PullContext): Promise<void> {
  const { engine, images, notice } = context;
  if (images.length === 0) return;
  if (engine.engine === 'buildkit') {
    notice("input 'images': BuildKit has no images of its own, it pulls what a build names. Nothing was pulled.");
    return;
  }
  const waiting = [...new Set(images)];
  const worker = async (): Promise<void> => {
    for (let image = waiting.shift(); image !== undefined; image = waiting.shift()) await pullOne(context, image);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, worker));
}

async function pullOne(context: PullContext, image: string): Promise<void> {
  const { host, engine, env, info, notice, program = lazypullCommand() } = context;
  const started = performance.now();
  const { status, stderr } =
    engine.engine === 'docker'
      ? await host.try(['docker', 'pull', '--quiet', '--', image], { env: engine.env, timeoutMs: TIMEOUT_MS })
      : await host.try(pullCommand(program, engine, image), {
          root: true,
          env: daemonEnvironment(env),
          timeoutMs: TIMEOUT_MS,
        });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) info(`pulled ${image} in ${seconds} s`);
  else notice(`input 'images': ${image} could not be pulled: ${lastLines(stderr, 1) || `status ${status}`}`);
}

function pullCommand(program: readonly string[], engine: EngineReady, image: string): string[] {
  const address = engine.containerdAddress === undefined ? [] : ['--address', engine.containerdAddress];
  return [...program, 'pull', '--config', Place.CONFIG, ...address, '--', image];
}
