import { createRoute } from '@hono/zod-openapi';
import { sizesOf } from '../../hub/examination.ts';
import { answers, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { allow } from '../security/operator.ts';
import { About, Examination } from '../shapes/about.ts';

const tags = ['overview'];
const about = createRoute({
  method: 'get',
  path: '/about',
  tags,
  summary: 'What this is: version, licence, and how much it holds',
  ...allow('viewer'),
  responses: answers(About, 'Now'),
});
const doctor = createRoute({
  method: 'get',
  path: '/doctor',
  tags,
  summary: 'Look whether everything that is needed is there and well',
  ...allow('admin'),
  responses: answers(Examination, 'One finding for each check'),
});

/** What this is, and whether it is well. */
export function aboutRoutes(parts: AppParts) {
  return newApi()
    .openapi(about, async (c) => {
      const { version, runtime, findings } = await parts.examine();
      const database = findings.find(({ check }) => check === 'database')?.figure ?? '';
      return c.json({ version, licence: 'Apache-2.0' as const, runtime, database, ...(await sizesOf(parts.hub)) }, 200);
    })
    .openapi(doctor, async (c) => {
      const { findings } = await parts.examine();
      return c.json({ ok: findings.every(({ ok }) => ok), findings: [...findings] }, 200);
    });
}
