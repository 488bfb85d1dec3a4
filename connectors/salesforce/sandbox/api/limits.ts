import { route } from './exchange.ts';
import type { Quota } from './quota.ts';

/** What is left of the org's limits, and how many records it has, about. */
export function limitRoutes(quota: Quota) {
  return [
    route('GET /limits', (org) => {
      const used = quota.used(org.now());
      const untouched = (max: number) => ({ Max: max, Remaining: max });
      const body = {
        ConcurrentAsyncGetReportInstances: untouched(200),
        DailyApiRequests: { Max: quota.limit, Remaining: Math.max(0, quota.limit - used) },
        DailyBulkApiBatches: untouched(15_000),
        DailyBulkV2QueryJobs: untouched(10_000),
        DailyBulkV2QueryFileStorageMB: untouched(976_562),
        DataStorageMB: untouched(1024),
        HourlyPublishedPlatformEvents: untouched(50_000),
      };
      return { status: 200, body };
    }),
    route('GET /limits/recordCount', (org, ask) => {
      const wanted = ask.query
        .get('sObjects')
        ?.split(',')
        .map((name) => name.trim().toLowerCase());
      const schemas = org.objects('data').filter(({ name }) => wanted?.includes(name.toLowerCase()) ?? true);
      const count = (name: string) => [...org.store.table(name).values()].filter(({ IsDeleted }) => !IsDeleted).length;
      return { status: 200, body: { sObjects: schemas.map(({ name }) => ({ count: count(name), name })) } };
    }),
  ];
}
