// One build, from the first call to the last: plan what to replace, and let the Dockerfile frontend do the build with it.
import type { Bridge } from './bridge.ts';
import { CallError, encodeStatus } from './channel.ts';
import type { Note } from './contexts.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { FrontendEnvironment } from './environment.ts';
import { forwardRequest } from './forward.ts';
import { planBuild, type OpenVariants } from './plan.ts';

const UNKNOWN = 2;

/**
 * Does a build. Errors of it are returned to BuildKit as they came: the user sees what the Dockerfile frontend says.
 * @throws CallError when BuildKit is gone, so that nothing can be returned any more.
 */
export async function runBuild(bridge: Bridge, environment: FrontendEnvironment, open: OpenVariants): Promise<void> {
  let result: Uint8Array;
  try {
    const pong = await bridge.ping();
    const inputs = pong.gateway.has('frontend.inputs') ? await bridge.inputs() : [];
    const plan = await planBuild(bridge, { environment, pong, inputs }, open);
    if (plan.dockerfile !== undefined && pong.gateway.has('gateway.warnings')) {
      await warn(bridge, plan.dockerfile, plan.notes);
    }
    const { contexts, delegate } = plan;
    result = await bridge.solve(forwardRequest({ options: environment.options, inputs, contexts, delegate }));
  } catch (error) {
    return bridge.returnError(statusOf(error));
  }
  return bridge.returnResult(result);
}

/** Warnings that can't be given are no reason to fail. */
async function warn(bridge: Bridge, dockerfile: Dockerfile, notes: readonly Note[]): Promise<void> {
  const { name, content, definition, step } = dockerfile;
  const file = { name, content, definition };
  await Promise.allSettled(notes.map((note) => bridge.warn({ step, ...note, file })));
}

function statusOf(error: unknown): Uint8Array {
  if (error instanceof CallError) return error.status;
  return encodeStatus(UNKNOWN, error instanceof Error ? error.message : String(error));
}
