// Addresses that no registry has a reason to send us to: link-local ones, where clouds keep their metadata services.
import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { RegistryError } from '../errors.ts';
import { redactUrl } from './errors.ts';

const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
// The metadata address of EC2 in IPv6.
linkLocal.addAddress('fd00:ec2::254', 'ipv6');

/** Whether an IP address is link-local; IPv4 inside IPv6 counts as IPv4. */
export function isLinkLocal(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && linkLocal.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** @throws RegistryError when the host of `url` is a link-local address. Names are checked where they are resolved. */
export function refuseLinkLocal(method: string, url: URL): void {
  if (!isLinkLocal(url.hostname.replace(/^\[|\]$/g, ''))) return;
  throw new RegistryError(`${method} ${redactUrl(url)}: link-local addresses are refused`, {
    method,
    url: redactUrl(url),
  });
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** dns.lookup that fails for names of link-local addresses. */
export function safeLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const refused = addresses.some(({ address }) => isLinkLocal(address));
    const first = addresses[0];
    if (refused || first === undefined) {
      const failure = new Error(`${hostname} has a link-local address`);
      return callback(Object.assign(failure, { code: 'LAZYPULL_LINK_LOCAL' }), []);
    }
    if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
}
