import type { Limits } from '../access/limits.ts';
import type { Portal } from '../portal/portal.ts';
import type { Api } from '../wire/requests.ts';

function offsetMs(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const [, sign, hours = '0', minutes = '0'] =
    /GMT([+-])(\d+):(\d+)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** What the account is, and how much of its day is used. */
export function accountRoutes(api: Api, portal: Portal, limits: Limits): void {
  api.get('/account-info/v3/details', (c) => {
    const utcOffsetMilliseconds = offsetMs(portal.switches.timeZone, portal.now());
    return c.json({
      portalId: portal.id,
      accountType: 'STANDARD',
      timeZone: portal.switches.timeZone,
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      utcOffset: offsetText(utcOffsetMilliseconds),
      utcOffsetMilliseconds,
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    });
  });
  api.get('/account-info/v3/api-usage/daily/private-apps', (c) =>
    c.json({ results: [{ name: 'private-apps-api-calls-daily', fetchStatus: 'SUCCESS', ...limits.usage() }] }),
  );
}
