// The protocol files of the containerd services that we call, loaded when the first call is made.
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadProto, serviceOf, type PackageDefinition } from '../grpc/load.ts';

const NAMES = ['content', 'images', 'leases', 'introspection', 'version', 'diff', 'namespaces'];

let loaded: PackageDefinition | undefined;

/** @throws Error when a service or method is missing, which is a mistake in this program. */
export function methodOf(service: string, method: string): MethodDefinition<object, object> {
  loaded ??= loadProto(...NAMES.map((name) => `containerd-${name}.proto`), 'snapshots.proto');
  const definition = serviceOf(loaded, service)[method];
  if (definition === undefined) throw new Error(`no gRPC method ${service}/${method}`);
  return definition;
}
