// Words as a Dockerfile's instructions have them: quotes, escapes and variables with the modifiers of a shell. As in BuildKit,
// a variable that nobody has set is empty, unless variables are kept for somebody else to replace.
// https://docs.docker.com/reference/dockerfile/#environment-replacement
import { FormatError } from '../errors.ts';
import { replacePattern, trimPattern } from './shell-pattern.ts';

export interface LexOptions {
  /** Backslash, or the backtick of `# escape`. */
  readonly escape: string;
  /** What replaces variables; undefined keeps them as they are written. */
  readonly values?: ReadonlyMap<string, string>;
  /** Quotes and escape characters stay in the result. */
  readonly raw?: boolean;
}

/** `text` as one word: without its quotes, variables replaced. @throws FormatError for what BuildKit refuses too. */
export function expandWord(text: string, options: LexOptions): string {
  return new Lexer(text, options).read(undefined).text;
}

/** The words of `text`, split at blanks outside of quotes. @throws FormatError */
export function splitWords(text: string, options: LexOptions): string[] {
  return new Lexer(text, options).read(undefined).words;
}

interface Read {
  readonly text: string;
  readonly words: string[];
}

/** Collects one text, and the words of it. */
class Words {
  text = '';
  readonly #words: string[] = [];
  #word = '';

  /** What came out of quotes or an escape: blanks do not end a word. */
  add(piece: string): void {
    this.text += piece;
    this.#word += piece;
  }

  split(piece: string): void {
    this.text += piece;
    for (const sign of piece) {
      if (!/\s/.test(sign)) this.#word += sign;
      else this.#end();
    }
  }

  finish(): Read {
    this.#end();
    return { text: this.text, words: this.#words };
  }

  #end(): void {
    if (this.#word !== '') this.#words.push(this.#word);
    this.#word = '';
  }
}

class Lexer {
  readonly #text: string;
  readonly #options: LexOptions;
  #at = 0;

  constructor(text: string, options: LexOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Up to `stop`, which is consumed, or to the end. `keepEscapes` is for patterns, where an escape is for the pattern. */
  read(stop: string | undefined, keepEscapes = this.#options.raw === true): Read {
    const words = new Words();
    for (;;) {
      const sign = this.#next();
      if (sign === '') {
        if (stop !== undefined) throw new FormatError(`${this.#quoted()}: a ${stop} is missing`);
        return words.finish();
      }
      if (sign === stop) return words.finish();
      if (sign === "'") words.add(this.#singleQuoted());
      else if (sign === '"') words.add(this.#doubleQuoted(keepEscapes));
      else if (sign === '$') words.split(this.#variable());
      else if (sign === '<') words.add(this.#lessThan());
      else if (sign === this.#options.escape) words.add((keepEscapes ? sign : '') + this.#next());
      else words.split(sign);
    }
  }

  #next(): string {
    return this.#text.charAt(this.#at++);
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at);
    if (end === -1) throw new FormatError(`${this.#quoted()}: a single quote has no end`);
    const inner = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return this.#options.raw === true ? `'${inner}'` : inner;
  }

  #doubleQuoted(keepEscapes: boolean): string {
    const { escape, raw } = this.#options;
    let inner = '';
    for (;;) {
      const sign = this.#next();
      if (sign === '') throw new FormatError(`${this.#quoted()}: a double quote has no end`);
      if (sign === '"') return raw === true ? `"${inner}"` : inner;
      if (sign === '$') inner += this.#variable();
      else if (sign !== escape) inner += sign;
      else {
        const isEscaped = ['"', '$', escape].includes(this.#peek());
        // Other signs keep the escape character in front of them.
        inner += (keepEscapes || (!isEscaped && this.#peek() !== '') ? sign : '') + (isEscaped ? this.#next() : '');
      }
    }
  }

  /** The name of a here-document may stand after blanks, and is one word with its `<<`. */
  #lessThan(): string {
    return this.#peek() === '<' ? this.#next().padStart(2, '<') + this.#take(/[ \t\r]*/y) : '<';
  }

  #name(): string {
    return this.#take(/\d+|[@*#?\-$!]|[\p{L}_][\p{L}\d_]*/uy);
  }

  /** After the dollar. */
  #variable(): string {
    const start = this.#at - 1;
    const { values } = this.#options;
    const isBraced = this.#peek() === '{';
    if (isBraced) this.#at += 1;
    if (isBraced && /^[{}:]?$/.test(this.#peek())) throw this.#badSubstitution(start);
    const name = this.#name();
    if (!isBraced && name === '') return '$';
    const value = values?.get(name);
    const result = isBraced ? this.#modified(name, value, start) : (value ?? '');
    return values === undefined ? this.#text.slice(start, this.#at) : result;
  }

  #modified(name: string, value: string | undefined, start: number): string {
    let operator = this.#next();
    if (operator === '}') return value ?? '';
    const emptyIsUnset = operator === ':';
    if (emptyIsUnset) operator = this.#next();
    if (operator === '/' && !emptyIsUnset) return this.#replaced(value ?? '');
    const isPattern = operator === '#' || operator === '%';
    if (operator === '' || !'+-?#%'.includes(operator) || (emptyIsUnset && isPattern))
      throw this.#badSubstitution(start);
    const word = this.read('}', isPattern || this.#options.raw === true).text;
    const isSet = value !== undefined && !(emptyIsUnset && value === '');
    if (operator === '-') return isSet ? value : word;
    if (operator === '+') return isSet ? word : '';
    if (isPattern) return trimPattern(value ?? '', operator === '#' ? 'start' : 'end', operator, word);
    // Where variables are kept, nobody knows whether it is set.
    if (!isSet && this.#options.values !== undefined) {
      throw new FormatError(`${name}: ${word === '' ? 'it must be set' : word}`);
    }
    return value ?? '';
  }

  #replaced(value: string): string {
    const isAll = this.#peek() === '/';
    if (isAll) this.#at += 1;
    const pattern = this.read('/', true).text;
    const replacement = this.read('}', true).text;
    return replacePattern(value, pattern, replacement, isAll);
  }

  #badSubstitution(start: number): FormatError {
    return new FormatError(`bad substitution: ${JSON.stringify(this.#text.slice(start, start + 40))}`);
  }

  #quoted(): string {
    return JSON.stringify(this.#text.slice(0, 100));
  }
}
