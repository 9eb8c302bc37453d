// BuildKit's LLBBridge as a frontend sees it: buildkitd does everything that needs a network, credentials or files.
// https://github.com/moby/buildkit/blob/master/frontend/gateway/pb/gateway.proto
import { parseDigest, type Digest } from '../src/oci/digest.ts';
import type { Channel } from './channel.ts';
import {
  decodeInputs,
  decodePong,
  decodeReadFile,
  decodeResolveImage,
  decodeSolve,
  encodeReadFile,
  encodeResolveImage,
  encodeReturnError,
  encodeReturnResult,
  encodeSolve,
  encodeWarn,
  singleReference,
  type EncodedInputs,
  type Pong,
  type ResolveImageRequest,
  type SolveRequest,
  type WarnRequest,
} from './messages.ts';

/** Of an image, for one platform. */
export interface ImageFacts {
  readonly digest: Digest;
  readonly config: Uint8Array;
}

/** All calls throw CallError; an abort of theirs throws the signal's reason. */
export interface Bridge {
  ping: () => Promise<Pong>;
  /** @returns an encoded Result, to be returned or read from. */
  solve: (request: SolveRequest, signal?: AbortSignal) => Promise<Uint8Array>;
  /** A file of a result with one reference. */
  readFile: (result: Uint8Array, path: string, signal?: AbortSignal) => Promise<Uint8Array>;
  /** @returns what a name means: the digest of the index, where there is one, and the config of the platform's image. */
  resolveImage: (request: ResolveImageRequest, signal?: AbortSignal) => Promise<ImageFacts>;
  inputs: () => Promise<EncodedInputs>;
  warn: (request: WarnRequest) => Promise<void>;
  /** The end of the build: a result of `solve`. */
  returnResult: (result: Uint8Array) => Promise<void>;
  /** The end of the build: an encoded google.rpc.Status. */
  returnError: (status: Uint8Array) => Promise<void>;
}

const SERVICE = '/moby.buildkit.v1.frontend.LLBBridge';
const EMPTY = new Uint8Array(0);

/** The bridge at the other end of a channel, which stays the caller's. */
export function openBridge(channel: Channel): Bridge {
  const call = (method: string, request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> =>
    channel.call(`${SERVICE}/${method}`, request, signal);
  return {
    ping: async () => decodePong(await call('Ping', EMPTY)),
    solve: async (request, signal) => decodeSolve(await call('Solve', encodeSolve(request), signal)),
    readFile: async (result, path, signal) =>
      decodeReadFile(await call('ReadFile', encodeReadFile(singleReference(result), path), signal)),
    resolveImage: async (request, signal) => {
      const answer = await call('ResolveImageConfig', encodeResolveImage(request), signal);
      const { digest, config } = decodeResolveImage(answer);
      return { digest: parseDigest(digest), config };
    },
    inputs: async () => decodeInputs(await call('Inputs', EMPTY)),
    warn: async (request) => void (await call('Warn', encodeWarn(request))),
    returnResult: async (result) => void (await call('Return', encodeReturnResult(result))),
    returnError: async (status) => void (await call('Return', encodeReturnError(status))),
  };
}
