import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROGRAM } from '../../src/install/program.ts';
import { farewellText, unitText } from '../../src/install/unit.ts';

/** Lines that are no comments. */
function settings(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('the unit is the one that is there for installing by hand, with the paths of an installation', () => {
  const byHand = readFileSync(new URL('../../packaging/lazypull.service', import.meta.url), 'utf8');
  const wanted = settings(byHand).map((line) => line.replace('ExecStart=lazypull', `ExecStart=${PROGRAM.join(' ')}`));
  assert.deepEqual(settings(unitText(PROGRAM)), wanted);
});

test('programs are named by the link that an upgrade renames', () => {
  for (const path of PROGRAM) assert.match(path, /^\/opt\/lazypull\/current\//);
});

test('a daemon that goes asks at its stop whether the time has come', () => {
  assert.deepEqual(settings(farewellText(['/n', '/p'])), ['[Service]', 'ExecStopPost=/n /p uninstall --finish']);
});
