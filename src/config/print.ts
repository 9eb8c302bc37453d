// The configuration as text: the effective one as TOML with the origin of every value, and the reference page.
import type { EffectiveConfig } from '../config.ts';
import { KEYS, PROVIDER_KEYS, SNAPSHOTTER_KEYS, type ConfigKey } from './keys.ts';

/** TOML that gives the same configuration again; each line says where its value came from. */
export function printConfig(effective: EffectiveConfig): string {
  const lines = [`# ${effective.path ?? 'no config file: all defaults'}`];
  let table = '';
  for (const { key, printed, source, line } of effective.entries) {
    const at = key.lastIndexOf('.');
    const group = key.slice(0, Math.max(0, at));
    if (group !== table) lines.push('', /\.\d+$/.test(group) ? `[[${group.replace(/\.\d+$/, '')}]]` : `[${group}]`);
    table = group;
    const origin = source === 'file' ? `${effective.path}${line === undefined ? '' : `:${line}`}` : source;
    lines.push(`${key.slice(at + 1)} = ${printed} # ${origin}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The tables of docs/config.md, as Markdown. */
export function configReference(): string {
  return [
    table(KEYS),
    '### `[[credentials.provider]]`\nOne table for each program. Without any there is none. See [credentials.md](credentials.md).',
    table(PROVIDER_KEYS),
    '### `[[snapshotter]]`\nOne table for each consumer. Without any there is one with these defaults.',
    `${table(SNAPSHOTTER_KEYS)}\n`,
  ].join('\n\n');
}

function table(keys: readonly ConfigKey[]): string {
  const rows = keys.map(({ key, kind, default: value, doc }) => {
    const fallback = typeof value === 'string' && value.includes('<') ? JSON.stringify(value) : kind.print(value);
    return `| \`${key}\` | ${kind.name} | \`${fallback}\` | ${doc} |`;
  });
  return ['| key | kind | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
