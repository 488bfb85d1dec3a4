import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { HubError } from '../../contract/errors.ts';

/** The operator's allow-list of private address ranges, such as `127.0.0.0/8,10.1.0.0/16`. Throws on a range that cannot be read. */
export function parseRanges(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number][] {
  return text
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '')
    .map((range) => ipaddr.parseCIDR(range));
}

/**
 * Refuses an origin that is not http(s), or that leads to a private address which the operator has not allowed, so that a connection
 * cannot be used to reach into the network.
 */
export async function assertReachable(origin: string, allowed: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): Promise<void> {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new HubError('misconfigured', `"${origin}" is not an http or https address.`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = ipaddr.isValid(host) ? [host] : (await resolve(host)).map((entry) => entry.address);
  for (const text of addresses) {
    const address = ipaddr.process(text);
    if (address.range() === 'unicast') continue;
    if (allowed.some((range) => range[0].kind() === address.kind() && address.match(range))) continue;
    throw new HubError(
      'misconfigured',
      `${host} is a private address (${text}). If this is meant, start Syncline with SYNCLINE_ALLOW_PRIVATE=${text}/${address.kind() === 'ipv4' ? 32 : 128}.`,
      { code: 'PRIVATE_ADDRESS' },
    );
  }
}

async function resolve(host: string): Promise<readonly { address: string }[]> {
  try {
    return await lookup(host, { all: true });
  } catch (cause) {
    throw new HubError('unreachable', `The name ${host} cannot be found.`, { code: 'ENOTFOUND', cause });
  }
}
