// The flags and help of `lazypull policy`.
import { Option, type Command } from 'commander';
import { configOption, jsonOption, repeatable } from './common-flags.ts';
import type { Flags } from './flag-values.ts';

const HELP = `
PATHS are Dockerfiles, bake files in JSON, compose files, folders that have them, or - for one of these on standard input;
the current folder without any. A bake file in HCL is for bake to evaluate: docker buildx bake --print | lazypull policy -

An image is replaced when its variant was made by "lazypull convert" or "optimize" from exactly what the name has now. All
others are used as they are, and a line says why. Write the file anew in every job: it knows digests of now.

Examples:
  lazypull policy --mapping variants.toml --output policy.json
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY=policy.json docker buildx build .
  lazypull policy --suffix -esgz --platform linux/amd64 --output policy.json services/*/Dockerfile
  docker buildx bake --print | lazypull policy --mapping variants.toml --output policy.json -
`;

/** Adds the command. */
export function addPolicy(program: Command): void {
  program
    .command('policy')
    .summary('let builds use lazily pullable variants of their images')
    .description(
      "Write BuildKit's source policy: builds then use lazily pullable variants of the images that they name.",
    )
    .argument('[PATHS...]', 'what is built')
    .option('--mapping <FILE>', 'which image has its variant where: TOML or JSON')
    .option('--suffix <TEXT>', 'of the tags of variants in the same repository, e.g. -esgz')
    .addOption(
      repeatable('--build-arg <NAME=VALUE>', 'as of the build; a name alone is from the environment; may be repeated'),
    )
    .addOption(
      repeatable('--build-context <NAME=WHERE>', 'as of the build: what has this name is no image; may be repeated'),
    )
    .addOption(
      repeatable('--platform <PLATFORM>', 'what is built, when it is not every platform of an image; may be repeated'),
    )
    .addOption(new Option('--target <STAGE>', 'the stage that is built (default: any may be)'))
    .option(
      '--output <FILE>',
      'where the policy is written (default: standard output, and the lines to standard error)',
    )
    .option('--plain-http', 'reach the registries of the images without TLS')
    .addOption(jsonOption())
    .addOption(configOption())
    .addHelpText('after', HELP)
    .action(async (paths: string[], flags: Flags) => {
      const { runPolicy } = await import('./policy-command.ts');
      await runPolicy(paths, flags);
    });
}
