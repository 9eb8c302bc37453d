// `lazypull policy`: the builds of some files become a source policy, and a line for every image says what is done with it.
import { renameSync, writeFileSync } from 'node:fs';
import { loadConfig } from '../config.ts';
import { FormatError, UserError } from '../errors.ts';
import { parseReference } from '../oci/reference.ts';
import { decide, demandsOf, type Demands } from '../policy/decide.ts';
import { policyDocument, type PolicyDocument } from '../policy/document.ts';
import { buildsOf } from '../policy/files.ts';
import type { Build, Decision } from '../policy/model.ts';
import { RegistryClient } from '../registry/client.ts';
import { registryOptions } from '../registry/from-config.ts';
import { VariantFinder } from '../variants/finder.ts';
import { readMapping } from '../variants/mapping.ts';
import { candidateOf, parseSuffix, type VariantRules } from '../variants/rules.ts';
import { version } from '../version.ts';
import { listFlag, parsePlatformFlag, textFlag, type Flags } from './flag-values.ts';
import { Interrupts } from './interrupts.ts';
import { policyLines } from './policy-text.ts';

/** Nothing that is wrong with an image or a registry is an error. @throws UserError for wrong flags and files. */
export async function runPolicy(paths: readonly string[], flags: Flags): Promise<void> {
  const rules = rulesOf(flags);
  const { builds, remarks } = buildsOf(paths, process.env);
  const demands = demandsOf(builds.map((build) => withFlags(build, flags)));
  using interrupts = new Interrupts();
  await using registry = openRegistry(flags, demands, rules);
  const decisions = await decide(demands, new VariantFinder({ registry, rules }), interrupts.abort);
  const policy = policyDocument(decisions.flatMap(replacementOf));
  const output = textFlag(flags, 'output');
  if (output !== undefined) writePolicy(output, policy);
  report({ decisions, remarks: [...remarks, ...demands.remarks], policy, output }, flags['json'] === true);
}

/** @throws UserError */
function rulesOf(flags: Flags): VariantRules {
  const mapping = textFlag(flags, 'mapping');
  const suffix = textFlag(flags, 'suffix');
  if (mapping === undefined && suffix === undefined) {
    throw new UserError('nothing says where variants are', 'Give --mapping FILE, --suffix -esgz, or both.');
  }
  const rules = mapping === undefined ? { patterns: [], suffix: undefined } : readMapping(mapping);
  return suffix === undefined ? rules : { ...rules, suffix: suffixOf(suffix) };
}

function suffixOf(text: string): string {
  try {
    return parseSuffix(text);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new UserError(`--suffix is ${cause.message}`, undefined, { cause });
  }
}

/** Flags win over what files say. */
function withFlags(build: Build, flags: Flags): Build {
  const platforms = listFlag(flags, 'platform').map((text) => parsePlatformFlag(text));
  const target = textFlag(flags, 'target');
  return {
    ...build,
    buildArgs: { ...build.buildArgs, ...buildArgsOf(flags) },
    namedContexts: [...build.namedContexts, ...contextNamesOf(flags)],
    ...(platforms.length === 0 ? {} : { platforms }),
    ...(target === undefined ? {} : { target }),
  };
}

function buildArgsOf(flags: Flags): Record<string, string> {
  const pairs = listFlag(flags, 'buildArg').map((text): [string, string | undefined] => {
    const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (name === '') throw new UserError(`--build-arg wants NAME=VALUE, got ${JSON.stringify(text)}`);
    return [name, value ?? process.env[name]];
  });
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

function contextNamesOf(flags: Flags): string[] {
  return listFlag(flags, 'buildContext').map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UserError(`--build-context wants NAME=WHERE, got ${JSON.stringify(text)}`);
    return text.slice(0, at);
  });
}

function openRegistry(flags: Flags, { images }: Demands, rules: VariantRules): RegistryClient {
  const { registry } = loadConfig(textFlag(flags, 'config')).config;
  const named = [...images.keys()].map((key) => parseReference(key));
  const own = named.flatMap((image) => [image.registry, candidateOf(rules, image)?.registry ?? []].flat());
  const plainHttpHosts = flags['plainHttp'] === true ? [...registry.plainHttpHosts, ...own] : registry.plainHttpHosts;
  return new RegistryClient(registryOptions({ ...registry, plainHttpHosts }, `lazypull/${version}`));
}

function replacementOf({ image, outcome }: Decision): Parameters<typeof policyDocument>[0] {
  return outcome.result === 'replaced' ? [{ image, source: outcome.source, variant: outcome.variant }] : [];
}

/** Whole or not at all: a build may read it at any time. @throws UserError */
function writePolicy(path: string, policy: PolicyDocument): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(policy, undefined, 2)}\n`);
    renameSync(temporary, path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new UserError(`can't write ${path}: ${code}`, 'Check the path after --output.', { cause });
  }
}

type Report = Parameters<typeof policyLines>[0] & { readonly policy: PolicyDocument };

function report({ policy, ...rest }: Report, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...rest, policy }, undefined, 2)}\n`);
    return;
  }
  const lines = `${policyLines(rest).join('\n')}\n`;
  if (rest.output !== undefined) process.stdout.write(lines);
  else {
    process.stderr.write(lines);
    process.stdout.write(`${JSON.stringify(policy, undefined, 2)}\n`);
  }
}
