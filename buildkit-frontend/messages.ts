// The messages of BuildKit's LLBBridge that a forwarding frontend sends and reads, with the fields that it uses. What is
// only handed on (results, input definitions, errors) stays encoded.
// https://github.com/moby/buildkit/blob/master/frontend/gateway/pb/gateway.proto, solver/pb/ops.proto
import type { Platform } from '../src/oci/platform.ts';
import {
  bytesField,
  decodeFields,
  encodeMessage,
  mapField,
  numberOf,
  optionalBytes,
  repeatedBytes,
  stringField,
  textOf,
  varintField,
} from './protobuf.ts';

/** What buildkitd can do. */
export interface Pong {
  /** Of the gateway, e.g. `frontend.inputs`. */
  readonly gateway: ReadonlySet<string>;
  /** Of build definitions, e.g. `source.imageblob`. */
  readonly definitions: ReadonlySet<string>;
}

/** PongResponse: FrontendAPICaps = 1, LLBCaps = 2; APICap: ID = 1, Enabled = 2. */
export function decodePong(bytes: Uint8Array): Pong {
  const fields = decodeFields(bytes);
  const names = (number: number): Set<string> => {
    const caps = repeatedBytes(fields, number).map(decodeFields);
    return new Set(caps.filter((cap) => numberOf(cap, 2) === 1).map((cap) => textOf(cap, 1)));
  };
  return { gateway: names(1), definitions: names(2) };
}

/** Something to solve: a definition, or a frontend with its options. */
export interface SolveRequest {
  /** An encoded pb.Definition. */
  readonly definition?: Uint8Array;
  readonly frontend?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** As `Inputs` came with them. */
  readonly inputs?: EncodedInputs;
}

/** Entries of a `map<string, pb.Definition>`, encoded. The number of the field that they came in is not among their bytes. */
export type EncodedInputs = readonly Uint8Array[];

/** SolveRequest. Both allowResult fields are true: the answer's result may then have any form. */
export function encodeSolve({ definition, frontend = '', options = {}, inputs = [] }: SolveRequest): Uint8Array {
  return encodeMessage(
    ...(definition === undefined ? [] : [bytesField(1, definition)]),
    stringField(2, frontend),
    mapField(3, options),
    varintField(5, true),
    varintField(6, true),
    ...inputs.map((entry) => bytesField(13, entry)),
  );
}

/** The encoded Result of a SolveResponse (result = 3). Empty when there is none: an empty image. */
export function decodeSolve(bytes: Uint8Array): Uint8Array {
  return optionalBytes(decodeFields(bytes), 3) ?? new Uint8Array(0);
}

/** The id of a Result's only reference: ref = 3 (Ref: id = 1), or in old BuildKits refDeprecated = 1. '' when it has none. */
export function singleReference(result: Uint8Array): string {
  const fields = decodeFields(result);
  const reference = optionalBytes(fields, 3);
  return reference === undefined ? textOf(fields, 1) : textOf(decodeFields(reference), 1);
}

/** ReadFileRequest. */
export function encodeReadFile(reference: string, path: string): Uint8Array {
  return encodeMessage(stringField(1, reference), stringField(2, path));
}

/** ReadFileResponse: Data = 1. */
export function decodeReadFile(bytes: Uint8Array): Uint8Array {
  return optionalBytes(decodeFields(bytes), 1) ?? new Uint8Array(0);
}

/** An image whose name is to be resolved. */
export interface ResolveImageRequest {
  /** Full, with tag or digest. */
  readonly reference: string;
  readonly platform: Platform;
  /** `default`, `pull` or `local`, as the build was told; '' for BuildKit's default. */
  readonly resolveMode: string;
  /** What the user sees as the name of the step. */
  readonly logName: string;
}

/** ResolveImageConfigRequest. */
export function encodeResolveImage(request: ResolveImageRequest): Uint8Array {
  return encodeMessage(
    stringField(1, request.reference),
    bytesField(2, encodePlatform(request.platform)),
    stringField(3, request.resolveMode),
    stringField(4, request.logName),
  );
}

/** ResolveImageConfigResponse: what the name means, which is the index where there is one, and the config of the platform's image. */
export interface ResolvedImage {
  readonly digest: string;
  readonly config: Uint8Array;
}

/** Digest = 1, Config = 2. */
export function decodeResolveImage(bytes: Uint8Array): ResolvedImage {
  const fields = decodeFields(bytes);
  return { digest: textOf(fields, 1), config: optionalBytes(fields, 2) ?? new Uint8Array(0) };
}

/** pb.Platform */
export function encodePlatform({ os, architecture, variant = '' }: Platform): Uint8Array {
  return encodeMessage(stringField(1, architecture), stringField(2, os), stringField(3, variant));
}

/** InputsResponse: Definitions = 1. */
export function decodeInputs(bytes: Uint8Array): EncodedInputs {
  return repeatedBytes(decodeFields(bytes), 1);
}

/** The encoded definition of an input; undefined when there is none of that name. */
export function inputDefinition(inputs: EncodedInputs, name: string): Uint8Array | undefined {
  const found = inputs.map(decodeFields).find((entry) => textOf(entry, 1) === name);
  return found === undefined ? undefined : (optionalBytes(found, 2) ?? new Uint8Array(0));
}

/** A warning about lines of the Dockerfile. */
export interface WarnRequest {
  /** Of the step that read the file: where the warning is shown. */
  readonly step: string;
  /** One line. */
  readonly text: string;
  /** What to do about it. */
  readonly details: readonly string[];
  readonly url?: string;
  readonly file: {
    readonly name: string;
    readonly content: Uint8Array;
    /** The encoded definition that it was read from. */
    readonly definition: Uint8Array;
  };
  /** From 1. */
  readonly line: number;
}

/** WarnRequest: digest, level, short, detail, url, info (SourceInfo), ranges (Range of two Positions). */
export function encodeWarn({ step, text, details, url = '', file, line }: WarnRequest): Uint8Array {
  const source = encodeMessage(
    stringField(1, file.name),
    bytesField(2, file.content),
    bytesField(3, file.definition),
    stringField(4, 'Dockerfile'),
  );
  const position = varintField(1, line);
  return encodeMessage(
    stringField(1, step),
    varintField(2, 1),
    bytesField(3, text),
    ...details.map((detail) => bytesField(4, detail)),
    stringField(5, url),
    bytesField(6, source),
    bytesField(7, encodeMessage(bytesField(1, position), bytesField(2, position))),
  );
}

/** ReturnRequest with an encoded Result (result = 1). */
export function encodeReturnResult(result: Uint8Array): Uint8Array {
  return bytesField(1, result);
}

/** ReturnRequest with an encoded google.rpc.Status (error = 2). */
export function encodeReturnError(status: Uint8Array): Uint8Array {
  return bytesField(2, status);
}
