// Reads what indexes name, and what the indexes among that name, within the bounds that an honest image has.
import { FormatError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageDocument, ImageSource } from './model.ts';

/** An index may name an index; a chain of them is an attack. */
const MAX_DEPTH = 4;
/** And so are far more documents than there are platforms: each index may name the same one ten thousand times. */
const MAX_DOCUMENTS = 1000;

/** Reads the documents of one walk over an image. */
export class IndexReader {
  readonly #source: ImageSource;
  readonly #signal: AbortSignal | undefined;
  #count = 0;

  constructor(source: ImageSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  /**
   * The document of an entry of an index that is itself `depth` indexes below the root: 0 for the root's entries.
   * @throws FormatError for what is nested too deep or too much; what the source throws.
   */
  async read(entry: Descriptor, depth: number): Promise<ImageDocument> {
    const { name } = this.#source;
    if (depth >= MAX_DEPTH) throw new FormatError(`${name}: indexes that name indexes that name indexes`);
    if (++this.#count > MAX_DOCUMENTS)
      throw new FormatError(`${name}: indexes of more than ${MAX_DOCUMENTS} documents`);
    return await this.#source.document(entry, this.#signal);
  }
}
