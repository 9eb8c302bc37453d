// What a Dockerfile says about images, for those who ask whether a lazily pullable variant of each exists: the policy
// command and BuildKit's frontend. Values only; `imagesOf` in images.ts makes them.
// https://docs.docker.com/reference/dockerfile/
import type { Platform } from '../oci/platform.ts';

/** What a build is told beside its Dockerfile. */
export interface ImagesOptions {
  /** `--build-arg`: by name. They win over the defaults of ARGs, also of the platform ones, as in BuildKit. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What is built: TARGETPLATFORM. */
  readonly platform: Platform;
  /** Where it is built: BUILDPLATFORM. The same as `platform` unless told. */
  readonly buildPlatform?: Platform;
  /** Name or number of the stage that is built; the last one unless told. Other stages count only as far as it needs them. */
  readonly target?: string;
  /** Every stage counts, for whoever does not know what will be the target. */
  readonly everyStage?: boolean;
  /** Names of `--build-context`, perhaps with `::linux/arm64`. What such a name replaces is no image any more. */
  readonly namedContexts?: Iterable<string>;
}

export interface DockerfileImages {
  /** All of them, in order. */
  readonly stages: readonly Stage[];
  /** One for each place, so that one image may be there several times. In the order of the file. */
  readonly uses: readonly ImageUse[];
  readonly unresolved: readonly Unresolved[];
  /** undefined without a syntax directive. */
  readonly syntax: SyntaxDirective | undefined;
}

export interface Stage {
  /** In lower case, as BuildKit compares it; undefined without AS. */
  readonly name: string | undefined;
  /** What FROM names, with its variables replaced: an image, a stage, `scratch` or a named context. */
  readonly base: string;
  /** Line of FROM, from 1. */
  readonly line: number;
  /** Whether the target needs it. */
  readonly needed: boolean;
}

export type ImageUseKind = 'from' | 'copy' | 'mount';

export interface ImageUse {
  /** As the Dockerfile has it, with variables replaced, e.g. `node:22`; `parseReference` takes it. */
  readonly reference: string;
  /** First line of the instruction, from 1. */
  readonly line: number;
  /** FROM; `--from` of COPY; `--mount=from=` of RUN. */
  readonly kind: ImageUseKind;
  readonly platform: Platform;
  /** In an ONBUILD instruction: not used by the stage itself, but by stages and other builds on it. */
  readonly onBuild: boolean;
}

/** A place that may name an image that nobody can tell. */
export interface Unresolved {
  readonly line: number;
  /** For a person: what it is and why it can't be told. */
  readonly what: string;
}

/** `# syntax=IMAGE ...` */
export interface SyntaxDirective {
  /** The frontend's image: the first word. */
  readonly image: string;
  /** All of it: what BuildKit hands to the frontend as `cmdline`. */
  readonly cmdline: string;
  readonly line: number;
}
