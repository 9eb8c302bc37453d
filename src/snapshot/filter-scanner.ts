// Splits a filter into fields, operators and values as containerd's scanner does, quirks included: blanks may stand
// before a field, an operator and a value, but not after a value; a value can't begin with a separator, an operator
// or a quote; quoted text has Go's escapes. Offsets in messages are UTF-16 units of the filter.
import { LazypullError } from '../errors.ts';

export type FilterOperator = '==' | '!=' | '~=' | '@=';

const OPERATORS = new Set(['==', '!=', '~=', '@=']);
const BLANK = /\s*/y;
const FIELD = /[A-Za-z0-9_-]+/y;
const OPERATOR = /@=|[=!~]+/y;
const VALUE = /[^,.=!~"/|\s](?:(?!,)[\p{L}\p{M}\p{N}\p{P}\p{S}])*/uy;
const QUOTED = /(["/|])(?:\\.|(?!\1)[^\\\n])*\1/uy;
const ESCAPE = /\\(?:([abfnrtv\\"/|])|([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|.)/gu;
const SIMPLE: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A cursor over one filter. Every method that finds something else than it needs throws INVALID_ARGUMENT. */
export class FilterScanner {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.includes('\0')) throw this.#error('unexpected NUL');
  }

  /** Takes `char` when it is next, without skipping blanks. */
  accept(char: ',' | '.'): boolean {
    if (this.#text[this.#offset] !== char) return false;
    this.#offset++;
    return true;
  }

  /** Whether the selector ends here: at a comma or at the end of the filter. */
  atSelectorEnd(): boolean {
    return this.#offset >= this.#text.length || this.#text[this.#offset] === ',';
  }

  expectEnd(): void {
    if (this.#offset < this.#text.length) throw this.#error('unexpected input');
  }

  field(): string {
    this.#take(BLANK);
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) return this.#unquote(quoted, false);
    const field = this.#take(FIELD);
    if (field === undefined) throw this.#error('expected a field');
    return field;
  }

  operator(): FilterOperator {
    this.#take(BLANK);
    const operator = this.#take(OPERATOR);
    if (operator === undefined || !OPERATORS.has(operator)) throw this.#error('expected ==, !=, ~= or @=');
    return operator as FilterOperator;
  }

  /** `slashQuotes` allows /text/ and |text| beside "text", which is for regular expressions. */
  value(options: { slashQuotes: boolean }): string {
    this.#take(BLANK);
    const quoted = this.#take(QUOTED);
    if (quoted !== undefined) return this.#unquote(quoted, options.slashQuotes);
    const value = this.#take(VALUE);
    if (value === undefined) throw this.#error('expected a value');
    return value;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#offset += found.length;
    return found;
  }

  #unquote(quoted: string, slashQuotes: boolean): string {
    const quote = quoted[0];
    if (quote !== '"' && !slashQuotes) throw this.#error(`${quote} quotes only a regular expression`);
    // \x and \ooo are bytes of UTF-8, so the text is taken apart into bytes, one per character.
    const latin1 = utf8AsLatin1(quoted.slice(1, -1)).replace(
      ESCAPE,
      (all: string, simple?: string, octal?: string, hex?: string, short?: string, long?: string) => {
        const isOtherQuote = simple !== undefined && '"/|'.includes(simple) && simple !== quote;
        const char = isOtherQuote ? undefined : escaped(simple, octal, hex, short ?? long);
        if (char === undefined) throw this.#error(`illegal escape ${all}`);
        return char;
      },
    );
    return Buffer.from(latin1, 'latin1').toString('utf8');
  }

  #error(what: string): LazypullError {
    const text = JSON.stringify(this.#text.slice(0, 200));
    return new LazypullError('INVALID_ARGUMENT', `filter ${text}: ${what} at offset ${this.#offset}`);
  }
}

/** The bytes that an escape stands for, one per character; undefined for one that Go does not know. */
function escaped(simple?: string, octal?: string, hex?: string, point?: string): string | undefined {
  if (simple !== undefined) return SIMPLE[simple] ?? simple;
  if (octal !== undefined || hex !== undefined) {
    const byte = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex ?? '', 16);
    return byte <= 0xff ? String.fromCharCode(byte) : undefined;
  }
  const code = Number.parseInt(point ?? '', 16);
  const isScalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isScalar ? utf8AsLatin1(String.fromCodePoint(code)) : undefined;
}

function utf8AsLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
