// Node without its symbols: smaller, and the same program.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripProgram } from '../../../buildkit-frontend/image/strip.ts';
import { FormatError } from '../../../src/errors.ts';
import { run } from '../../support/run.ts';

const HEADER_BYTES = 64;
const ENTRY_BYTES = 56;
const PT_LOAD = 1;
const PT_NOTE = 4;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A program with these segments and `total` bytes, which say where they are. */
function programOf(segments: readonly Segment[], total: number): Buffer {
  const program = Buffer.from(Array.from({ length: total }, (_, at) => at % 251));
  program.fill(0, 0, HEADER_BYTES + ENTRY_BYTES * segments.length);
  program.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  program.writeBigUInt64LE(BigInt(HEADER_BYTES), 0x20);
  program.writeBigUInt64LE(4321n, 0x28);
  program.writeUInt16LE(ENTRY_BYTES, 0x36);
  program.writeUInt16LE(segments.length, 0x38);
  program.writeUInt16LE(7, 0x3c);
  program.writeUInt16LE(6, 0x3e);
  for (const [index, { type, offset, bytes }] of segments.entries()) {
    const at = HEADER_BYTES + ENTRY_BYTES * index;
    program.writeUInt32LE(type, at);
    program.writeBigUInt64LE(BigInt(offset), at + 8);
    program.writeBigUInt64LE(BigInt(bytes), at + 32);
  }
  return program;
}

test('what is loaded stays byte for byte, and what is behind it goes with the table of sections', () => {
  const program = programOf(
    [
      { type: PT_LOAD, offset: 2000, bytes: 500 },
      { type: PT_LOAD, offset: 0, bytes: 1000 },
      // Not loaded: no reason to keep it.
      { type: PT_NOTE, offset: 2600, bytes: 300 },
    ],
    3000,
  );
  const before = Buffer.from(program);
  const stripped = stripProgram(program);
  assert.equal(stripped.length, 2500);
  assert.ok(stripped.subarray(HEADER_BYTES).equals(program.subarray(HEADER_BYTES, 2500)));
  assert.deepEqual([stripped.readBigUInt64LE(0x28), stripped.readUInt32LE(0x3c)], [0n, 0]);
  const others = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, 0x28), bytes.subarray(0x30, 0x3c)]);
  assert.ok(others(stripped).equals(others(program)));
  assert.ok(program.equals(before), 'the caller has its bytes as they were');
  assert.ok(stripProgram(stripped).equals(stripped));
});

test('what is no such program is refused, with what it is', () => {
  const load = { type: PT_LOAD, offset: 0, bytes: 100 };
  for (const [program, pattern] of [
    [Buffer.from('#!/bin/sh\n'.repeat(20)), /not an ELF program/],
    [Buffer.from([0x7f, 0x45, 0x4c, 0x46]), /not an ELF program/],
    [programOf([{ ...load, bytes: 301 }], 300), /end at 301 of 300 bytes/],
    [programOf([{ ...load, type: PT_NOTE }], 300), /end at 0 of 300 bytes/],
  ] as const) {
    assert.throws(() => stripProgram(program), (error) => error instanceof FormatError && pattern.test(error.message)); // prettier-ignore
  }
});

test('32 bits and big-endian programs stay as they are', () => {
  for (const [at, byte] of [
    [4, 1],
    [5, 2],
  ] as const) {
    const program = programOf([{ type: PT_LOAD, offset: 0, bytes: 100 }], 300).fill(byte, at, at + 1);
    assert.equal(stripProgram(program), program);
  }
});

test('Node runs without its symbols', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lazypull-strip-'));
  try {
    const program = readFileSync(process.execPath);
    const stripped = stripProgram(program);
    assert.ok(stripped.length <= program.length);
    writeFileSync(join(dir, 'node'), stripped, { mode: 0o755 });
    const script = `import('node:http2').then((http2) => console.log(process.version, typeof http2.connect))`;
    assert.equal((await run(join(dir, 'node'), ['-e', script])).stdout, `${process.version} function\n`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
