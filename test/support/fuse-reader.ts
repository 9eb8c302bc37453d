// Reads a file of the pattern and compares every byte, beginning somewhere in the middle, so that several readers
// fault different parts. Arguments: path, part to begin with, number of parts. Exit status 0 when all is right.
import { fstatSync, openSync, readSync } from 'node:fs';
import { patternBytes } from './pattern.ts';

const [path = '', part, parts] = process.argv.slice(2);
const fd = openSync(path, 'r');
const STEP = 1 << 18;
const { size } = fstatSync(fd);
const steps = size / STEP;
const first = Math.floor((steps * Number(part)) / Number(parts));
const buffer = Buffer.alloc(STEP);
for (let index = 0; index < steps; index++) {
  const offset = ((first + index) % steps) * STEP;
  for (let done = 0; done < STEP;) {
    const bytes = readSync(fd, buffer, done, STEP - done, offset + done);
    if (bytes === 0) throw new Error(`the file ends at ${offset + done}`);
    done += bytes;
  }
  if (!buffer.equals(patternBytes(1, offset, STEP))) throw new Error(`wrong bytes at ${offset}`);
}
