// The projects of test/fixtures/builds: how each is built, what its images print, and which images it is made from.

export interface Project {
  /** Unique; the pushed image's name when the project makes one image. */
  readonly name: string;
  readonly folder: string;
  readonly kind: 'build' | 'bake' | 'compose';
  /** Of `buildx build` and of `lazypull policy`. */
  readonly flags?: readonly string[];
  readonly buildArgs?: readonly string[];
  /** The images that are pushed, and what each prints when it starts. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  /** Images that it is made from and that have a variant, as in the Dockerfile. */
  readonly lazy: readonly string[];
  /** Those that have none. */
  readonly plain?: readonly string[];
}

/** A project of one image with its folder's name. */
function single(name: string, lazy: readonly string[], says: readonly string[], more: Partial<Project> = {}): Project {
  return { name, folder: name, kind: 'build', images: { [name]: says }, lazy, ...more };
}

export const projects: readonly Project[] = [
  single('go-service', ['golang:1', 'debian:stable-slim'], ['hello, BUILDS from go 1.2.3 as 65532'], {
    buildArgs: ['VERSION=1.2.3'],
  }),
  single('node-web', ['node:24'], ['hello, web as 1000, without .env']),
  single('python-report', ['python:3', 'python:3-slim'], ['report 2.1.0 of wheels: 321 as 65534']),
  single('java-greeter', ['eclipse-temurin:jdk', 'eclipse-temurin:jre'], ['hello, jar of classes as app']),
  single('cpp-sum', ['gcc', 'debian:stable-slim'], ['sum 42 of 3']),
  single('arg-base', ['debian:stable-slim'], ['flavor plain, tag stable-slim, argument without']),
  single('arg-overridden', ['node:24'], ['flavor plain, tag 24, argument without'], {
    folder: 'arg-base',
    buildArgs: ['DISTRO=node', 'TAG=24'],
  }),
  single('arg-flavor', ['python:3-slim'], ['flavor python, tag stable-slim, argument python'], {
    folder: 'arg-base',
    buildArgs: ['FLAVOR=python'],
  }),
  single(
    'copy-from',
    ['debian:stable-slim', 'node:24', 'golang:1', 'python:3-slim'],
    ['node 42', 'a note from a named context', 'packed in a tar', '/src/main.go'],
    { flags: ['--build-context', 'assets=assets'], plain: ['busybox:stable'] },
  ),
  single(
    'heredocs',
    ['python:3-slim', 'debian:stable-slim'],
    ['FROM nobody/asks:for-this', 'python 3', '0 1 4 9', 'who = heredoc', 'RUN --mount=from=nobody/asks:for-this'],
  ),
  {
    name: 'bake-matrix',
    folder: 'bake-matrix',
    kind: 'bake',
    images: {
      'bake-tool-first': ['7 to the 2 is 49'],
      'bake-tool-second': ['7 to the 3 is 343'],
      'bake-plain': ['inline of a bake file'],
    },
    lazy: ['python:3-slim', 'debian:stable-slim'],
  },
  {
    name: 'compose-services',
    folder: 'compose-services',
    kind: 'compose',
    images: {
      'compose-api': ['api from compose'],
      'compose-web': ['web has .dockerignore server.js shared as 1000'],
      'compose-jobs': ['jobs of compose'],
    },
    lazy: ['python:3', 'python:3-slim', 'acme/node-onbuild:24'],
    plain: ['busybox:stable'],
  },
];
