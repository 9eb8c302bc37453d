// Two answers that are not about broken bytes: the layer is an ordinary one, or it is lazy in a way that
// lazypull does not know yet. Both send the layer the ordinary way; only the reason for the user differs.
import { FormatError, LazypullError } from '../errors.ts';

/** The blob has no footer of any known kind: an ordinary layer. */
export class NotEstargzError extends FormatError {}

/** A valid layer of a kind that can't be mounted lazily yet. The message says which. */
export class UnsupportedLayerError extends LazypullError {
  /** The kind, in the words of its format. */
  readonly kind: string;

  constructor(kind: string, detail: string) {
    super('UNSUPPORTED', `not lazily mountable because ${detail}`);
    this.kind = kind;
  }
}
