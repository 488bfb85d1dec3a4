import { createRoute } from '@hono/zod-openapi';
import { isoOrNull } from '../../hub/views/slice.ts';
import { afterOf, ById, Listing, listed } from '../listing.ts';
import { answers, answersNothing, body, found, makes, newApi } from '../operation.ts';
import type { AppParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { createSignInLink } from '../security/access.ts';
import { allow } from '../security/operator.ts';
import {
  changeOperator,
  dropTwoFactor,
  listOperators,
  makeOperator,
  type OperatorRow,
  operatorByEmail,
  removeOperator,
} from '../security/operators.ts';
import { endSessions } from '../security/sessions.ts';
import { Operator, OperatorDraft, OperatorPatch, SignInLink } from '../shapes/access.ts';
import { listOf } from '../shapes/common.ts';

const tags = ['access'];
const list = createRoute({
  method: 'get',
  path: '/operators',
  tags,
  summary: 'Who may work with this hub',
  ...allow('admin'),
  request: { query: Listing },
  responses: answers(listOf(Operator), 'The newest first'),
});
const make = createRoute({
  method: 'post',
  path: '/operators',
  tags,
  summary: 'Make an operator, or a new sign-in link for one',
  ...allow('admin', { fresh: true }),
  request: { body: body(OperatorDraft) },
  responses: makes(SignInLink, 'The operator, and the link to hand over'),
});
const patch = createRoute({
  method: 'patch',
  path: '/operators/{id}',
  tags,
  summary: 'Give an operator another role, or switch one off or on',
  ...allow('admin', { fresh: true }),
  request: { params: ById, body: body(OperatorPatch) },
  responses: answers(Operator, 'The operator as it is now'),
});
const remove = createRoute({
  method: 'delete',
  path: '/operators/{id}',
  tags,
  summary: 'Remove an operator and end their sessions',
  ...allow('admin', { fresh: true }),
  request: { params: ById },
  responses: answersNothing,
});
const signOut = createRoute({
  method: 'delete',
  path: '/operators/{id}/sessions',
  tags,
  summary: 'End all sessions of an operator, at once',
  ...allow('admin'),
  request: { params: ById },
  responses: answersNothing,
});
const resetFactor = createRoute({
  method: 'delete',
  path: '/operators/{id}/two-factor',
  tags,
  summary: 'Take away the second factor of an operator who has lost it',
  ...allow('admin', { fresh: true }),
  request: { params: ById },
  responses: answersNothing,
});

const lastAdmin = () => new Problem(409, 'This is the only admin. Make another one first.');

/** Operators: invited by a link, given a role, and removed; never the last admin. */
export function operatorRoutes({ hub, publicUrl }: AppParts) {
  return newApi()
    .openapi(list, async (c) => {
      const { items, last } = await listOperators(hub, afterOf('operators', c.req.valid('query')));
      return c.json(listed('operators', { items: items.map(operatorView), last }), 200);
    })
    .openapi(make, async (c) => {
      const draft = c.req.valid('json');
      const known = await operatorByEmail(hub, draft.email);
      if (known?.disabled_at != null) throw new Problem(409, 'This operator is switched off. Switch them on first.');
      if (known !== undefined && known.role !== draft.role)
        throw new Problem(409, `This operator is there already, with the role ${known.role}.`);
      const operator = known ?? (await makeOperator(hub, draft, null));
      return c.json({ operator: operatorView(operator), link: await createSignInLink(hub, publicUrl, { email: operator.email }) }, 201);
    })
    .openapi(patch, async (c) => {
      const changed = await changeOperator(hub, c.req.valid('param').id, c.req.valid('json'));
      if (changed === 'last_admin') throw lastAdmin();
      return c.json(operatorView(found(changed, 'operator')), 200);
    })
    .openapi(remove, async (c) => {
      const outcome = await removeOperator(hub, c.req.valid('param').id);
      if (outcome === 'last_admin') throw lastAdmin();
      found(outcome, 'operator');
      return c.body(null, 204);
    })
    .openapi(signOut, async (c) => {
      await endSessions(hub, c.req.valid('param').id);
      return c.body(null, 204);
    })
    .openapi(resetFactor, async (c) => {
      if (!(await dropTwoFactor(hub, c.req.valid('param').id))) throw new Problem(404, 'This operator has no second factor.');
      return c.body(null, 204);
    });
}

const operatorView = ({ id, name, email, role, ...row }: OperatorRow) => ({
  id,
  name,
  email,
  role,
  createdAt: row.created_at.toISOString(),
  disabledAt: isoOrNull(row.disabled_at),
  lastSignInAt: isoOrNull(row.last_sign_in_at),
  hasTwoFactor: row.two_factor_enabled,
});
