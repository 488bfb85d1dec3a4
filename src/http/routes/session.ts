import { createRoute } from '@hono/zod-openapi';
import { ConnectorCard, listOf, Me } from '../api.ts';
import { answers, newApi } from '../operation.ts';
import { allow } from '../operator.ts';
import type { AppParts } from '../parts.ts';

const me = createRoute({ method: 'get', path: '/me', tags: ['session'], summary: 'Who asks', ...allow('viewer'), responses: answers(Me, 'The operator or key') });
const connectors = createRoute({
  method: 'get', path: '/connectors', tags: ['connections'], summary: 'The systems that can be connected, and what each asks for', ...allow('viewer'),
  responses: answers(listOf(ConnectorCard), 'All connectors'),
});

/** Who asks, and what there is to connect. */
export function sessionRoutes(parts: AppParts) {
  return newApi()
    .openapi(me, (c) => c.json(c.var.operator, 200))
    .openapi(connectors, (c) => {
      const items = [...parts.connectors.values()].map((connector) => connector.manifest);
      return c.json({ items, next: null }, 200);
    });
}
