// The way from a test machine to its registry: a pair of virtual devices with a /30 of their own, one end in the machine
// and one here, so that a registry in the test's own process can be reached. A `Link` (link.ts) goes in its place where
// the line's delay and rate matter.
import { networkInterfaces } from 'node:os';
import { requireProgram } from './needs.ts';
import { run } from './run.ts';

/** Addresses of the two ends. */
export interface MachineNetwork {
  readonly address: string;
  /** Where a registry for the machine listens. */
  readonly registryAddress: string;
}

/** `registry.test` and the machine's own name, for its /etc/hosts. */
export function hostsFile(registryAddress: string): string {
  return `127.0.0.1 localhost runner\n::1 localhost ip6-localhost\n${registryAddress} registry.test\n`;
}

/**
 * Joins the network namespace of a process to ours.
 * @param device names our end; the machine's is eth0.
 */
export async function joinNetwork(init: number, device: string): Promise<MachineNetwork> {
  const ip = requireProgram('ip');
  const { address, registryAddress } = freeAddresses();
  const inside = (...args: string[]): Promise<unknown> =>
    run(requireProgram('nsenter'), [`--target=${init}`, '--net', ip, ...args]);
  await run(ip, ['link', 'add', device, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${init}`]);
  await run(ip, ['address', 'add', `${registryAddress}/30`, 'dev', device]);
  await run(ip, ['link', 'set', device, 'up']);
  await inside('address', 'add', `${address}/30`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  // Containers reach the registry by it, behind the machine's address. Nothing here forwards them any further.
  await inside('route', 'add', 'default', 'via', registryAddress);
  return { address, registryAddress };
}

// Processes start their search at different places, so that two which look at the same time don't find the same.
function freeAddresses(): MachineNetwork {
  const used = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  );
  const blocks = 2 ** 14;
  for (let tries = 0; tries < blocks; tries++) {
    const base = (process.pid * 16 + tries) % blocks;
    const address = (host: number): string => `10.78.${base >> 6}.${((base & 63) << 2) + host}`;
    if (!used.has(address(1))) return { address: address(2), registryAddress: address(1) };
  }
  throw new Error('no free /30 in 10.78.0.0/16: something leaves its devices behind');
}
