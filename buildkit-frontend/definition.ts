// Build definitions (LLB) of one source each, as BuildKit's Go client would write them to the byte: a step's identity is
// its digest, and the Dockerfile frontend asks for the same folder again. One reading serves both then.
// https://github.com/moby/buildkit/blob/master/solver/pb/ops.proto, client/llb/source.go
import { digestOf } from '../src/oci/digest.ts';
import {
  bytesField,
  decodeFields,
  encodeMessage,
  mapField,
  optionalBytes,
  repeatedBytes,
  stringField,
  textOf,
} from './protobuf.ts';

/** Something that BuildKit fetches. */
export interface Source {
  /** e.g. `local://dockerfile` */
  readonly identifier: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What the user sees as the name of the step. */
  readonly name: string;
}

/** The files of a local folder that the client has under a name. The order of the paths counts. */
export function localSource(folder: string, session: string, paths: readonly string[], name: string): Source {
  const attributes = {
    'local.differ': 'none',
    'local.followpaths': JSON.stringify(paths),
    'local.session': session,
    'local.sharedkeyhint': folder,
  };
  return { identifier: `local://${folder}`, attributes, name };
}

/** Something of a registry by its digest, as the file `filename`: also a manifest, since BuildKit asks for those too. */
export function blobSource(reference: string, filename: string, name: string): Source {
  return { identifier: `docker-image+blob://${reference}`, attributes: { 'http.filename': filename }, name };
}

/** An encoded pb.Definition whose result is the source. */
export function encodeDefinition({ identifier, attributes, name }: Source): Uint8Array {
  const source = encodeMessage(stringField(1, identifier), mapField(2, attributes));
  // Op: source = 3; constraints = 11, which the Go client writes though nothing is in them.
  const op = encodeMessage(bytesField(3, source), bytesField(11, ''));
  const digest = digestOf(op);
  // Op: inputs = 1; Input: digest = 1, index = 2, which is 0.
  const last = bytesField(1, stringField(1, digest));
  // OpMetadata: description = 2
  const metadata = mapField(2, { 'llb.customname': name });
  return encodeMessage(
    bytesField(1, op),
    bytesField(1, last),
    bytesField(2, encodeMessage(bytesField(1, digest), bytesField(2, metadata))),
  );
}

/** The digest of the step that a definition ends in; '' when it has none. */
export function lastStep(definition: Uint8Array): string {
  const last = repeatedBytes(decodeFields(definition), 1).at(-1) ?? new Uint8Array(0);
  const input = optionalBytes(decodeFields(last), 1);
  return input === undefined ? '' : textOf(decodeFields(input), 1);
}
