// `lazypull convert` as a user runs it.
import { fileURLToPath } from 'node:url';
import type { ConvertResult } from '../../src/optimize/convert-model.ts';
import { image, type ImageName } from './images.ts';
import type { TestRegistry } from './registry.ts';
import { run } from './run.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Converts an image. `flags` come before source and target. */
export async function convert(source: string, target: string, flags: readonly string[] = []): Promise<ConvertResult> {
  const args = [CLI, 'convert', '--json', '--plain-http', ...flags, source, target];
  const { stdout } = await run(process.execPath, args, { timeoutMs: 10 * 60_000 });
  return JSON.parse(stdout) as ConvertResult;
}

/** Converts one of the test images into a registry, as `name:latest`. */
export async function publish(
  registry: TestRegistry,
  source: ImageName,
  name: string,
  flags: readonly string[] = [],
): Promise<ConvertResult> {
  const { layoutDir, tag } = await image(source);
  return convert(`oci:${layoutDir}:${tag}`, `${registry.host}/${name}:latest`, flags);
}
