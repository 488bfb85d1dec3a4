import type { FieldValue } from '../contract/records.ts';
import type { Contender, ExplainedField, Explanation, Step } from '../hub/records/explanation.ts';
import { unreachable } from '../kernel/must.ts';
import { type Claim, settle } from './settle.ts';

/** Every value of an explanation, decided once more from its steps alone, by the rules that decided it then. */
export function reevaluate(explanation: Explanation): Readonly<Record<string, FieldValue>> {
  return Object.fromEntries(explanation.fields.map((field) => [field.field, reevaluateField(field)]));
}

/** One value, decided once more from the first step to the last. */
export function reevaluateField({ steps }: Pick<ExplainedField, 'steps'>): FieldValue {
  return steps.reduce<FieldValue | undefined>((value, step) => afterStep(step, value), undefined) ?? null;
}

function afterStep(step: Step, before: FieldValue | undefined): FieldValue {
  if (step.kind === 'set') return step.value;
  const { hub, remote, direction, policy, nulls, moved, took } = step;
  const value = before === undefined ? hub.value : before;
  if (took !== null) return took === 'hub' ? value : remote.value;
  const decision = settle(
    moved === 'remote' ? { kind: 'pull', value: remote.value } : { kind: 'clash', hub: value, remote: remote.value },
    { hub: value, remote: remote.value, base: moved === 'remote' ? { hub: value, remote: value } : undefined },
    { direction, rule: policy, nulls, hub: claimOf(hub), remote: claimOf(remote) },
  );
  switch (decision.kind) {
    case 'pull':
    case 'push':
    case 'blend':
      return decision.value;
    case 'agree':
      return decision.base.hub;
    case 'hold':
    case 'nothing':
      return value;
    default:
      return unreachable(decision);
  }
}

const claimOf = ({ by, connection, at }: Contender): Claim => ({ by, at, ...(connection === null ? {} : { connection }) });
