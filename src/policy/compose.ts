// Builds of a compose file: services with `build`. Images that services only run are pulled by Docker, and no policy is asked.
// https://docs.docker.com/reference/compose-file/build/
import { parse as parseYaml } from 'yaml';
import { platformOf } from './bake.ts';
import { dockerfileOf } from './dockerfile-of.ts';
import type { Build, Builds, Remark } from './model.ts';
import { isTable, textList, textMap, textOf, type Table } from './tables.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** `folder` is that of the file. @throws Error for what is no YAML. */
export function composeBuilds(text: string, file: string, folder: string, variables: Variables): Builds {
  const document: unknown = parseYaml(text, { merge: true });
  const services = isTable(document) && isTable(document['services']) ? document['services'] : {};
  const builds: Build[] = [];
  const remarks: Remark[] = [];
  if (isTable(document) && document['include'] !== undefined) {
    remarks.push({ file, line: undefined, what: 'it includes others: use docker compose config | lazypull policy -' });
  }
  for (const [name, raw] of Object.entries(services)) {
    const remark = (what: string): void =>
      void remarks.push({ file, line: undefined, what: `service ${name}: ${what}` });
    if (!isTable(raw)) continue;
    if (raw['extends'] !== undefined) remark('it extends another: use docker compose config | lazypull policy -');
    if (raw['build'] === undefined) continue;
    const service = interpolated(raw, variables) as Table;
    const build = isTable(service['build']) ? service['build'] : { context: service['build'] };
    const found = dockerfileOf(folder, {
      context: textOf(build['context']) ?? '.',
      dockerfile: textOf(build['dockerfile']),
      inline: textOf(build['dockerfile_inline']),
    });
    if ('problem' in found) remark(found.problem);
    else {
      const shown = found.inline ? `${file} (${name})` : found.file;
      builds.push({ ...buildOf(service, build, variables), file: shown, dockerfile: found.text });
    }
  }
  return { builds, remarks };
}

function buildOf(service: Table, build: Table, variables: Variables): Omit<Build, 'file' | 'dockerfile'> {
  const own = textOf(service['platform']);
  const platforms = textList(build['platforms']);
  const contexts = build['additional_contexts'];
  return {
    buildArgs: argsOf(build['args'], variables),
    platforms: (platforms.length === 0 && own !== undefined ? [own] : platforms).flatMap((text) => platformOf(text)),
    target: textOf(build['target']),
    namedContexts: isTable(contexts)
      ? Object.keys(contexts)
      : textList(contexts).map((item) => item.split('=', 1)[0] ?? ''),
  };
}

/** A table, or a list of `NAME=VALUE`; a name alone has the value of the environment. */
function argsOf(args: unknown, variables: Variables): Record<string, string> {
  const table = isTable(args) ? textMap(args) : {};
  const names = isTable(args) ? Object.keys(args).filter((name) => args[name] === null) : [];
  for (const item of textList(args)) {
    const [, name = '', value] = /^([^=]*)(?:=([^]*))?$/.exec(item) ?? [];
    if (value === undefined) names.push(name);
    else table[name] = value;
  }
  for (const name of names) {
    const value = variables[name];
    if (value !== undefined) table[name] = value;
  }
  return table;
}

/** Variables in all texts below `value`. `dockerfile_inline` has them too. */
function interpolated(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolated(item, variables));
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolated(item, variables)]));
}

/** `$A`, `${A}`, `${A:-default}`, `${A-default}`, `${A:+other}`, `$$`. What is not set is empty, as in compose. */
export function interpolate(text: string, variables: Variables): string {
  const pattern = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\})/g;
  return text.replaceAll(
    pattern,
    (_, dollar?: string, plain?: string, braced?: string, operator = '', word = ''): string => {
      if (dollar !== undefined) return '$';
      const value = variables[plain ?? braced ?? ''];
      const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
      if (operator.endsWith('+')) return isSet ? interpolate(word, variables) : '';
      if (operator.endsWith('-') && !isSet) return interpolate(word, variables);
      return value ?? '';
    },
  );
}
