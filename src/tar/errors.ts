// What a tar can hold and a lazily pullable layer can't.
import { FormatError } from '../errors.ts';

/**
 * An entry that is well-formed, and has no place in a layer with a table of contents: a sparse file, a name that is not
 * UTF-8, a link to nothing. Such a layer still works when it is pulled as always.
 */
export class UnsupportedEntryError extends FormatError {}
