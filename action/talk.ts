// What the action says in the job's log. Texts of others (logs of daemons, names of images) come through here, and none of
// them may be taken for a command by the runner.
import { info as write, notice as annotate, type AnnotationProperties } from '@actions/core';
import { printable } from '../src/cli/format.ts';

/** A text as one that the runner only shows. Keeps its lines. */
export function shown(text: string): string {
  return (
    text
      .split('\n')
      .map(printable)
      .map((line) => (line.trimStart().startsWith('::') ? `> ${line}` : line))
      // Commands in the runner's old form count anywhere in a line.
      .map((line) => line.replaceAll('##[', '## ['))
      .join('\n')
  );
}

/** Lines and notices of one step. Notices are kept for the summary. */
export class Talk {
  readonly #notices: string[] = [];
  /** Lines of parts that run beside the one whose group is open. */
  readonly #beside: string[] = [];

  get notices(): readonly string[] {
    return this.#notices;
  }

  readonly info = (message: string): void => write(shown(message));

  /** An annotation: something that the user should know of, and perhaps act on. `properties` may have its place in a file. */
  readonly notice = (message: string, properties: AnnotationProperties = {}): void => {
    this.#notices.push(message);
    annotate(printable(message.replaceAll('\n', ' | ')), { title: 'lazypull', ...properties });
  };

  /** For later: see `flush`. */
  readonly later = (message: string): void => void this.#beside.push(message);

  flush(): void {
    for (const line of this.#beside.splice(0)) this.info(line);
  }
}
