// What became of the images of builds, as the summary at the end of the job shows it. It goes through the action's state,
// which the runner hands over in one environment variable, so everything has a limit.
import type { Decision, Remark } from '../../src/policy/model.ts';
import { plural, printable } from '../../src/cli/format.ts';

export const POLICY_VARIABLE = 'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY';

/** What the `lazypull policy` command prints with `--json`, as far as it is needed here. */
export interface PolicyAnswer {
  readonly decisions: readonly Decision[];
  readonly remarks: readonly Remark[];
}

export interface Bases {
  /** All images, also those that `images` has no room for. */
  readonly total: number;
  readonly replaced: number;
  readonly images: readonly Base[];
  /** What could not be looked at, a sentence each. */
  readonly remarks: readonly string[];
}

/** An image that a build names. */
export interface Base {
  readonly image: string;
  /** Where it is named. */
  readonly place: string;
  readonly result: Decision['outcome']['result'];
  /** The variant, or why there is none; '' for an image that is lazy itself. */
  readonly detail: string;
}

export const MAX_IMAGES = 30;
export const MAX_REMARKS = 10;
/** In all less than the 128 KiB that a variable may have, whatever the script. */
const MAX_NAME = 150;
const MAX_SENTENCE = 300;

/** The same in few words; what is replaced comes last, since that is as it should be. */
export function basesOf({ decisions, remarks }: PolicyAnswer): Bases {
  const images = decisions.map(baseOf);
  const order: readonly Base['result'][] = ['kept', 'replaced', 'lazy'];
  const sorted = order.flatMap((result) => images.filter((image) => image.result === result));
  return {
    total: images.length,
    replaced: images.filter(({ result }) => result === 'replaced').length,
    images: sorted.slice(0, MAX_IMAGES),
    remarks: remarks
      .slice(0, MAX_REMARKS)
      .map(({ file, line, what }) => cut(`${placeText(file, line)}: ${what}`, MAX_SENTENCE)),
  };
}

function baseOf({ image, places, outcome }: Decision): Base {
  const [first] = places;
  const more = places.length > 1 ? ` and ${plural(places.length - 1, 'more place')}` : '';
  const place = first === undefined ? '' : `${placeText(first.file, first.line)}${more}`;
  const detail = cut(detailOf(outcome), MAX_SENTENCE);
  return { image: cut(image, MAX_NAME), place: cut(place, MAX_NAME), result: outcome.result, detail };
}

function detailOf(outcome: Decision['outcome']): string {
  if (outcome.result === 'replaced') return outcome.variant;
  return outcome.result === 'kept' ? outcome.message : '';
}

function placeText(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function cut(text: string, maxLength: number): string {
  const shown = printable(text.slice(0, maxLength + 1));
  return shown.length <= maxLength ? shown : `${shown.slice(0, maxLength - 3)}...`;
}
