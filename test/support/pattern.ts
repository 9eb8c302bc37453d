// Bytes that follow from their offset, so that any part of a big file can be made and checked without the rest.

/** Bytes [offset, offset + length) of the pattern that `seed` names. Offset and length are multiples of 4. */
export function patternBytes(seed: number, offset: number, length: number): Buffer {
  const words = new Uint32Array(length / 4);
  const first = offset / 4;
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(first + index + seed, 0x9e37_79b1) >>> 0;
  return Buffer.from(words.buffer);
}
