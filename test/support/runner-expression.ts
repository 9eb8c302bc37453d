// The expressions of workflows, as far as the harness needs them: contexts, literals, comparisons, logic, the status
// functions and a few on texts. https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
import type { JobStatus } from './runner-job.ts';

/** What expressions can see. */
export interface Contexts {
  readonly github: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
  readonly runner: Readonly<Record<string, string>>;
  /** By id: `outputs`, `outcome`, `conclusion`. */
  readonly steps: Readonly<Record<string, unknown>>;
  readonly job: { readonly status: JobStatus };
  /** null for a job that has none. */
  readonly matrix: Readonly<Record<string, unknown>> | null;
}

const TOKEN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?)|(?<name>[A-Za-z_][\w-]*)|(?<sign>==|!=|&&|\|\||[!().,[\]]))/y;
const STATUS_FUNCTION = /\b(?:always|success|failure|cancelled)\s*\(/;

type Token = { readonly kind: 'text' | 'number' | 'name' | 'sign'; readonly value: string };

/** Puts the values of `${{ }}` in their places. @throws Error for an expression that is none. */
export function substitute(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, source: string) => toText(evaluate(source, contexts)));
}

/** The value of an `if:`, with or without `${{ }}`; success() is implied where no status function is named. */
export function evaluateCondition(condition: string, contexts: Contexts): boolean {
  const source = condition.replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const succeeded = STATUS_FUNCTION.test(source) || contexts.job.status === 'success';
  return succeeded && truthy(evaluate(source, contexts));
}

/** The value of an expression without `${{ }}`. @throws Error that names what can't be read. */
export function evaluate(source: string, contexts: Contexts): unknown {
  return new Evaluator(source, contexts).run();
}

/** A parser that computes as it reads. Both sides of `&&` and `||` are read, which is harmless: nothing has effects. */
class Evaluator {
  readonly #source: string;
  readonly #contexts: Contexts;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string, contexts: Contexts) {
    this.#source = source.trim();
    this.#contexts = contexts;
    this.#tokens = tokensOf(this.#source);
  }

  run(): unknown {
    const value = this.#or();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return value;
  }

  #or(): unknown {
    let left = this.#and();
    while (this.#take('||')) {
      const right = this.#and();
      left = truthy(left) ? left : right;
    }
    return left;
  }

  #and(): unknown {
    let left = this.#equality();
    while (this.#take('&&')) {
      const right = this.#equality();
      left = truthy(left) ? right : left;
    }
    return left;
  }

  #equality(): unknown {
    const left = this.#unary();
    if (this.#take('==')) return equal(left, this.#unary());
    if (this.#take('!=')) return !equal(left, this.#unary());
    return left;
  }

  #unary(): unknown {
    if (this.#take('!')) return !truthy(this.#unary());
    let value = this.#primary();
    for (;;) {
      if (this.#take('.')) value = member(value, this.#next('name').value);
      else if (this.#take('[')) {
        value = member(value, toText(this.#or()));
        this.#require(']');
      } else return value;
    }
  }

  #primary(): unknown {
    if (this.#take('(')) {
      const value = this.#or();
      this.#require(')');
      return value;
    }
    const token = this.#next('text', 'number', 'name');
    if (token.kind === 'text') return token.value.slice(1, -1).replaceAll("''", "'");
    if (token.kind === 'number') return Number(token.value);
    if (this.#take('(')) return this.#call(token.value);
    const literals: Record<string, unknown> = { true: true, false: false, null: null };
    if (token.value in literals) return literals[token.value];
    if (!(token.value in this.#contexts)) throw new Error(`${this.#source}: no context ${token.value}`);
    return this.#contexts[token.value as keyof Contexts];
  }

  #call(name: string): unknown {
    const args: unknown[] = [];
    while (!this.#take(')')) {
      if (args.length > 0) this.#require(',');
      args.push(this.#or());
    }
    const [first, second] = args.map((arg) => toText(arg).toLowerCase());
    const { status } = this.#contexts.job;
    if (name === 'always') return true;
    if (name === 'success') return status === 'success';
    if (name === 'failure') return status === 'failure';
    if (name === 'cancelled') return status === 'cancelled';
    if (name === 'contains') return (first ?? '').includes(second ?? '');
    if (name === 'startsWith') return (first ?? '').startsWith(second ?? '');
    if (name === 'endsWith') return (first ?? '').endsWith(second ?? '');
    if (name === 'toJSON') return JSON.stringify(args[0], undefined, 2);
    throw new Error(`${this.#source}: no function ${name}`);
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.#at += 1;
    return true;
  }

  #require(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(sign);
  }

  #next(...kinds: Token['kind'][]): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined || !kinds.includes(token.kind)) throw this.#unexpected(kinds.join(' or '));
    this.#at += 1;
    return token;
  }

  #unexpected(wanted = 'the end'): Error {
    return new Error(`${this.#source}: got ${this.#tokens[this.#at]?.value ?? 'the end'}, wanted ${wanted}`);
  }
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length;) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    const found = Object.entries(groups ?? {}).find(([, value]) => value !== undefined);
    if (found === undefined) throw new Error(`${source}: can't read ${JSON.stringify(source.slice(at))}`);
    tokens.push({ kind: found[0] as Token['kind'], value: found[1] });
  }
  return tokens;
}

/** Names are found whatever their case. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return null;
  const entry = Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return entry?.[1] ?? null;
}

function equal(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === typeof right) return left === right;
  return toNumber(left) === toNumber(right);
}

function toNumber(value: unknown): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'object' ? Number.NaN : Number(value);
}

function truthy(value: unknown): boolean {
  return Boolean(value) && !Number.isNaN(value);
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? 'Object' : JSON.stringify(value);
}
