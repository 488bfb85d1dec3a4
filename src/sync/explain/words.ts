import type { FieldValue } from '../../contract/records.ts';
import type { ExplainedField, Witness } from '../../hub/records/explanation.ts';

type Told = Pick<ExplainedField, 'label' | 'value' | 'origin' | 'lost' | 'sides'>;

/** Why a field holds what it holds, for people: where from, by whom, when, under which rule, what gave way, and what is still to come. */
export function sentenceOf(told: Told): string {
  return `${originOf(told)}${gaveWay(told)}${openEnds(told)}`;
}

const show = (value: FieldValue): string => (value === null ? 'blank' : JSON.stringify(value));

function originOf({ label, value, origin }: Told): string {
  if (origin === null) return `${label} is blank: no system has shown one.`;
  return `${label} is ${show(value)}, ${sourceOf(origin)}${evidenceOf(origin)}.`;
}

function sourceOf(origin: Witness): string {
  const by = origin.actor === null ? '' : ` by ${origin.actor}`;
  const place = origin.connection === null ? 'the hub' : `${origin.connection}${origin.remoteId === null ? '' : ` (${origin.remoteId})`}`;
  switch (origin.cause) {
    case 'observed':
      return `from ${place}, changed there${by} at ${origin.changedAt ?? origin.at}`;
    case 'admin':
      return `set in the hub${by} at ${origin.at}`;
    case 'rollup':
      return `computed from survey responses at ${origin.at}`;
    case 'merged':
      return `taken over when two records were merged${by} at ${origin.at}`;
    case 'unmerged':
      return `given back when a merge was undone${by} at ${origin.at}`;
    case 'undone':
      return `put back by an undo${by} at ${origin.at}`;
    case 'removed':
    case 'restored':
    case 'unknown':
      return `from ${place}${by} at ${origin.at}`;
  }
}

function evidenceOf({ rule, runId, mapping }: Witness): string {
  const parts = [
    ...(rule === '' ? [] : [`rule: ${rule}`]),
    ...(runId === null ? [] : [`run ${runId}`]),
    ...(mapping === null ? [] : [`mapping ${mapping.slice(0, 8)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function gaveWay({ lost }: Told): string {
  const [latest] = lost;
  return latest === undefined ? '' : ` ${show(latest.value)} from ${latest.by} gave way (${latest.rule}).`;
}

const openEnds = ({ sides }: Told): string =>
  sides
    .filter((side) => side.decision === 'push' || side.decision === 'pull' || side.decision === 'blend' || side.decision === 'hold')
    .map((side) => ` ${side.connection}: ${side.decision}, since ${side.reason}.`)
    .join('');
