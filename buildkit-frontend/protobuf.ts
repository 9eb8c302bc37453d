// The part of protobuf's wire format that the gateway's messages use: varints and length-delimited fields. By hand,
// because a frontend mostly hands messages on: what it does not look into stays the bytes that they are, with fields that
// nobody has specified yet; and because it starts with every build, without reading any .proto file.
// https://protobuf.dev/programming-guides/encoding/
import { FormatError } from '../src/errors.ts';

/** One field of a message, as it stands in it. */
export interface Field {
  readonly number: number;
  /** Of varints the number; of everything else the bytes, which are a view into the message. */
  readonly value: number | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const utf8 = new TextDecoder();

/** A message of encoded fields, in the order in which they are given. */
export function encodeMessage(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** `bytes`, `string` or a message. Written also when it is empty: whether a message is there may matter. */
export function bytesField(number: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([encodeVarint(number * 8 + BYTES), encodeVarint(bytes.length), bytes]);
}

/** A `string`, left out when it is empty, as protobuf 3 does. */
export function stringField(number: number, value: string): Uint8Array {
  return value === '' ? new Uint8Array(0) : bytesField(number, value);
}

/** An integer from 0, or a `bool`; left out when it is 0 or false. */
export function varintField(number: number, value: number | boolean): Uint8Array {
  if (Number(value) === 0) return new Uint8Array(0);
  return Buffer.concat([encodeVarint(number * 8 + VARINT), encodeVarint(Number(value))]);
}

/** `map<string, string>`: its entries by key, so that the same map has the same bytes, and a digest of them stays. */
export function mapField(number: number, map: Readonly<Record<string, string>>): Uint8Array {
  const keys = Object.keys(map).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  // Keys and values of entries are always written.
  const entry = (key: string): Uint8Array => encodeMessage(bytesField(1, key), bytesField(2, map[key] ?? ''));
  return encodeMessage(...keys.map((key) => bytesField(number, entry(key))));
}

/**
 * The fields of a message in their order.
 * @throws FormatError when it is cut off, or no message.
 */
export function decodeFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let offset = 0;
  const varint = (): number => {
    const { value, end } = decodeVarint(message, offset);
    offset = end;
    return value;
  };
  const take = (length: number): Uint8Array => {
    const start = offset;
    if (length > message.length - start) throw new FormatError(`protobuf: ${length} bytes at ${start} are cut off`);
    offset += length;
    return message.subarray(start, offset);
  };
  while (offset < message.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === VARINT) fields.push({ number, value: varint() });
    else if (type === BYTES) fields.push({ number, value: take(varint()) });
    else if (type === FIXED64 || type === FIXED32) fields.push({ number, value: take(type === FIXED64 ? 8 : 4) });
    else throw new FormatError(`protobuf: wire type ${type} of field ${number} before ${offset}`, { offset });
  }
  return fields;
}

/** All values of a `repeated` field of messages, strings or bytes. */
export function repeatedBytes(fields: readonly Field[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && typeof field.value !== 'number' ? [field.value] : []));
}

/** The last value, which is the one that counts; undefined when the field is not there. */
export function optionalBytes(fields: readonly Field[], number: number): Uint8Array | undefined {
  return repeatedBytes(fields, number).at(-1);
}

/** The text of a `string` field; '' when it is not there. */
export function textOf(fields: readonly Field[], number: number): string {
  return utf8.decode(optionalBytes(fields, number) ?? new Uint8Array(0));
}

/** The value of an integer or `bool` field; 0 when it is not there. */
export function numberOf(fields: readonly Field[], number: number): number {
  const values = fields.filter((field) => field.number === number).map(({ value }) => value);
  const last = values.at(-1);
  return typeof last === 'number' ? last : 0;
}

function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** Numbers above 2^53 lose their last digits: nothing here looks at such numbers. */
function decodeVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let offset = start; offset < start + 10; offset++) {
    const byte = bytes[offset];
    if (byte === undefined) throw new FormatError(`protobuf: a number at ${start} is cut off`, { offset: start });
    value += (byte & 0x7f) * 128 ** (offset - start);
    if (byte < 0x80) return { value, end: offset + 1 };
  }
  throw new FormatError(`protobuf: a number at ${start} has more than 10 bytes`, { offset: start });
}
