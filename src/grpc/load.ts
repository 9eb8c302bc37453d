// Reads our .proto files, which lie in the folder `proto` beside this file, at start: no generated code. The same from
// the sources and from a build, where the build has to copy src/grpc/proto to where this file's output lies.
// 64-bit integers become numbers: whatever containerd counts in them (bytes, inodes, seconds) stays below 2^53.
import { join } from 'node:path';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';

export type { PackageDefinition, ServiceDefinition } from '@grpc/proto-loader';

// Not by new URL(): bundlers rewrite that.
const FOLDER = join(import.meta.dirname, 'proto');

/**
 * Loads files of the folder `proto`, and what they import, including Google's well-known types. Field names become
 * camelCase, enum values strings; what a message leaves out gets its default, but a message that is left out is null.
 */
export function loadProto(...files: string[]): PackageDefinition {
  return loadSync(files, {
    includeDirs: [FOLDER],
    longs: Number,
    enums: String,
    defaults: true,
    arrays: true,
    objects: true,
  });
}

/** @throws Error when there is no service of that full name, which is a mistake in this program. */
export function serviceOf(definition: PackageDefinition, name: string): ServiceDefinition {
  const service = definition[name];
  if (service === undefined || typeof service['format'] === 'string') throw new Error(`no gRPC service ${name}`);
  return service;
}
