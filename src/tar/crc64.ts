// CRC-64 with the ISO 3309 polynomial (x^64 + x^4 + x^3 + x + 1), bits reflected, begun and ended inverted: the checksum
// that tar-split has of a file's content. The polynomial has so few terms that 32 bits are done with a few shifts.

/** A checksum that grows by `update`. */
export class Crc64 {
  // The two halves of the register.
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const wholeWords = bytes.length - (bytes.length % 4);
    let at = 0;
    for (; at < wholeWords; at += 4) {
      // Bit i of what leaves the register comes back at i + 32, 31, 29 and 28: the terms 1, x, x^3 and x^4, reflected.
      const out = low ^ view.getInt32(at, true);
      low = high ^ (out << 31) ^ (out << 29) ^ (out << 28);
      high = out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4);
    }
    for (; at < bytes.length; at++) {
      // The same for eight bits, which come back at i + 56, 55, 53 and 52.
      const out = (low ^ bytes[at]!) & 0xff;
      low = (low >>> 8) | (high << 24);
      high = (high >>> 8) ^ (out << 24) ^ (out << 23) ^ (out << 21) ^ (out << 20);
    }
    this.#high = high;
    this.#low = low;
  }

  /** The eight bytes, most significant first. */
  digest(): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(~this.#high, 0);
    bytes.writeInt32BE(~this.#low, 4);
    return bytes;
  }
}
