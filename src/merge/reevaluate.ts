import type { FieldValue } from '../contract/records.ts';
import type { ExplainedField, Explanation, Step } from '../hub/explanation.ts';
import { unreachable } from '../kernel/must.ts';
import { settle } from './settle.ts';

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
  const { hub, remote, direction, policy, nulls, took } = step;
  const value = before === undefined ? hub.value : before;
  if (took !== null) return took === 'hub' ? value : remote.value;
  const claims = { hub: { by: hub.by, at: hub.at }, remote: { by: remote.by, at: remote.at } };
  const decision = settle(
    { kind: 'clash', hub: value, remote: remote.value },
    { hub: value, remote: remote.value, base: undefined },
    { direction, rule: policy, nulls, ...claims },
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
