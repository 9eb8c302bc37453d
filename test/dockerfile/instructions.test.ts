import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseInstructions } from '../../src/dockerfile/instructions.ts';

/** `LINE KEYWORD rest` of each. */
function listed(text: string): string[] {
  return parseInstructions(text).instructions.map(({ line, keyword, rest, onBuild }) =>
    `${line} ${onBuild ? 'ONBUILD ' : ''}${keyword} ${rest}`.trimEnd(),
  );
}

suite('instructions of a Dockerfile', () => {
  for (const [title, text, expected] of [
    ['keywords are in any case', 'from a\n  Run x\n', ['1 FROM a', '2 RUN x']],
    ['a line goes on after its end', 'FROM \\\n  a\nRUN x\n', ['1 FROM a', '3 RUN x']],
    ['blanks may follow what continues a line', 'RUN a \\  \n b\nX\n', ['1 RUN a  b', '3 X']],
    ['comments and empty lines do not end a continued line', 'RUN a \\\n# c\n\n  b\nX\n', ['1 RUN a   b', '5 X']],
    ['an escaped escape continues nothing', 'RUN a\\\\\nFROM b\n', ['1 RUN a\\\\', '2 FROM b']],
    ['a comment that ends in a backslash is over', '# c \\\nFROM a\n', ['2 FROM a']],
    ['a hash later is no comment', 'RUN a # b\n', ['1 RUN a # b']],
    ['the end may be missing', 'FROM a\nRUN b \\', ['1 FROM a', '2 RUN b']],
    ['a backtick continues when the file says so', '# escape=`\nRUN a `\n b\\\nX\n', ['2 RUN a  b\\', '4 X']],
    ['carriage returns are no text', 'FROM a\r\nRUN b \\\r\n c\r\n', ['1 FROM a', '2 RUN b  c']],
    ['ONBUILD is seen through', 'ONBUILD run x\n', ['1 ONBUILD RUN x']],
    ['here-documents are no instructions', 'RUN <<EOF\nFROM x\nEOF\nFROM y\n', ['1 RUN <<EOF', '4 FROM y']],
    ['two of them follow each other', 'COPY <<A <<B /x\nB\nA\nA\nB\nX\n', ['1 COPY <<A <<B /x', '6 X']],
    ['a dash lets tabs stand in front of the end', 'RUN <<-E\n\tx\n\tE\nX\n', ['1 RUN <<-E', '4 X']],
    ['ends may be quoted, and have blanks', `RUN <<'a b'\nX\na b\nY\n`, [`1 RUN <<'a b'`, '4 Y']],
    ['ONBUILD has here-documents too', 'ONBUILD RUN <<E\nFROM x\nE\nY\n', ['1 ONBUILD RUN <<E', '4 Y']],
    ['quoted signs begin none', 'RUN echo "<<E"\nFROM x\n', ['1 RUN echo "<<E"', '2 FROM x']],
    ['three signs begin none', 'RUN cat <<<E\nFROM x\n', ['1 RUN cat <<<E', '2 FROM x']],
    ['a list in JSON has none', 'RUN ["cat", "<<E"]\nFROM x\n', ['1 RUN ["cat", "<<E"]', '2 FROM x']],
    ['other instructions have none', 'ENV A=<<E\nFROM x\n', ['1 ENV A=<<E', '2 FROM x']],
  ] as const) {
    test(title, () => assert.deepEqual(listed(text), expected));
  }

  test('a here-document without an end is told with its line', () => {
    const { instructions, unended } = parseInstructions('FROM a\nRUN <<E\nFROM b\n');
    assert.equal(unended, 2);
    assert.equal(instructions.length, 2);
    assert.equal(parseInstructions('FROM a\nRUN <<E\nE\n').unended, undefined);
  });

  test('flags are in front, perhaps quoted, and end at the first word or a double dash', () => {
    const flagsOf = (text: string): unknown => {
      const [first] = parseInstructions(text).instructions;
      return [first?.flags, first?.rest];
    };
    assert.deepEqual(flagsOf('COPY --from=a --link b --c'), [
      [
        ['from', 'a'],
        ['link', ''],
      ],
      'b --c',
    ]);
    assert.deepEqual(flagsOf('RUN --mount="type=bind,from=a b" x'), [[['mount', 'type=bind,from=a b']], 'x']);
    assert.deepEqual(flagsOf('COPY --from=a -- --b c'), [[['from', 'a']], '--b c']);
    assert.deepEqual(flagsOf('ONBUILD COPY --from=a b c'), [[['from', 'a']], 'b c']);
  });
});
