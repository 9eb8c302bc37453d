// A name server for test machines, which have no way out to the world's: it knows the address of a few names, and that
// there are no others. Over UDP, one question a packet. https://www.rfc-editor.org/rfc/rfc1035#section-4
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HEADER = 12;
const TYPE_A = 1;
/** QR, RA; the other bits of the two bytes are those of the question and the status. */
const ANSWER = 0x8080;
const NO_SUCH_NAME = 3;
/** A pointer to the name of the question, which is behind the header. */
const SAME_NAME = 0xc000 | HEADER;

/** Answers until it is disposed. */
export class NameServer implements AsyncDisposable {
  /** Names that it was asked for, with whose address the question came. */
  readonly asked: { readonly name: string; readonly from: string }[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, names: Readonly<Record<string, string>>) {
    this.#socket = socket;
    socket.on('message', (query, { address, port }) => {
      const { name, type, end } = parseQuestion(query);
      this.asked.push({ name, from: address });
      const found = names[name];
      const addresses = found === undefined || type !== TYPE_A ? [] : [found];
      socket.send(encodeAnswer(query.subarray(0, end), addresses, found !== undefined), port, address);
    });
  }

  /** Listens on port 53 of an address. `names` are in lower case, without a dot at the end. */
  static async start(address: string, names: Readonly<Record<string, string>>): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(53, address);
    await once(socket, 'listening');
    return new NameServer(socket, names);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

function parseQuestion(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query.readUInt8(at++); length > 0; length = query.readUInt8(at++)) {
    labels.push(query.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at), end: at + 4 };
}

function encodeAnswer(question: Buffer, addresses: readonly string[], known: boolean): Buffer {
  const head = Buffer.from(question);
  head.writeUInt16BE((head.readUInt16BE(2) & 0x7900) | ANSWER | (known ? 0 : NO_SUCH_NAME), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses.length, 6);
  // No other records, also when the question had some.
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...addresses.map(encodeRecord)]);
}

function encodeRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(SAME_NAME, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return record;
}
