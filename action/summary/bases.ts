// The summary's part about builds: which of their images are replaced by lazily pullable variants, and why others are not.
import type { Base, Bases } from '../bases/model.ts';
import { codeCell, detailsOf, markdownTable, textCell } from './cells.ts';

const COLUMNS = [{ title: 'Image' }, { title: 'Named in' }, { title: 'Builds use' }] as const;

/** Lines of markdown; none when nobody asked for variants. */
export function basesLines(bases: Bases | undefined): string[] {
  if (bases === undefined) return [];
  const { total, replaced, images, remarks } = bases;
  if (total === 0 && remarks.length === 0) return [];
  const more = total - images.length;
  const lines = [
    ...(images.length === 0 ? [] : markdownTable(COLUMNS, images.map(rowOf))),
    ...(more > 0 ? ['', `And ${more} more, which are in the log of the step.`] : []),
    ...(remarks.length === 0 ? [] : ['', ...remarks.map((remark) => `- not looked at: ${textCell(remark)}`)]),
  ];
  return detailsOf(`Bases of builds: ${replaced} of ${total} replaced by lazily pullable variants`, lines);
}

function rowOf({ image, place, result, detail }: Base): string[] {
  const named = textCell(place);
  if (result === 'replaced') return [codeCell(image, 120), named, codeCell(detail)];
  const why = result === 'lazy' ? 'it is lazily pullable' : textCell(detail);
  return [codeCell(image, 120), named, `the image itself: ${why}`];
}
