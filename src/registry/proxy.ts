// HTTP proxies, from the variables that all programs of a CI runner share: HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their
// lower-case forms, read as Go's net/http reads them (loopback is always reached directly).
import { BlockList, isIP } from 'node:net';
import { UserError } from '../errors.ts';
import { isLocalHost } from './host.ts';

/**
 * The proxy that stands before a URL; undefined when it is reached directly.
 * @throws UserError when the variable holds no http or https URL. It is not quoted: it may have a password.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const text = env[name] || env[name.toUpperCase()];
  if (text === undefined || text === '' || isLocalHost(url.host)) return undefined;
  if (isExcepted(url, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy?.protocol !== 'http:' && proxy?.protocol !== 'https:') {
    throw new UserError(`${name} is not the URL of an HTTP proxy`);
  }
  return proxy;
}

/** NO_PROXY: `*`, hosts and domains with everything below them, `.domain`, addresses, networks; each but the last with a port. */
function isExcepted(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy.split(',').some((text) => {
    const entry = text.trim().toLowerCase();
    if (entry === '') return false;
    if (entry === '*') return true;
    if (entry.includes('/')) return isInNetwork(host, entry);
    const match = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry);
    if (match?.[2] !== undefined && match[2] !== port) return false;
    const name = (match?.[1] ?? '').replace(/^\*(?=\.)/, '');
    return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
  });
}

function isInNetwork(host: string, entry: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  const version = isIP(address);
  const prefix = Number(bits);
  if (version === 0 || isIP(host) !== version || !(prefix <= (version === 4 ? 32 : 128))) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, prefix, family);
  return network.check(host, family);
}
