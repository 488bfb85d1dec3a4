import { HubError } from '../../../src/contract/errors.ts';
import { asRefusal } from '../http/errors.ts';
import { identifier, list, object, textOr } from '../http/shapes.ts';
import type { Room } from '../room.ts';

type Choice = { readonly value: string; readonly label: string };
/** The pipelines of one type, and the stages of all of them. */
export type Pipelines = { readonly pipelines: readonly Choice[]; readonly stages: readonly Choice[] };

/** The pipelines that records of the type go through; null where they go through none, or where the token may not ask. */
export async function readPipelines({ hubspot, type }: Room): Promise<Pipelines | null> {
  if (type.pipeline === null) return null;
  const reply = await hubspot.get(hubspot.paths.pipelines(type.name)).catch(asRefusal);
  if (!(reply instanceof HubError)) return parsePipelines(reply.body);
  if (reply.kind === 'not_allowed') return null;
  throw reply;
}

function parsePipelines(body: unknown): Pipelines {
  const found = list(object(body, 'pipelines').results, 'pipelines.results').map((raw) => {
    const { stages, ...pipeline } = object(raw, 'pipeline');
    return { ...choiceOf(pipeline, 'pipeline'), stages: list(stages, 'pipeline.stages').map((stage) => choiceOf(stage, 'stage')) };
  });
  const [only] = found;
  return {
    pipelines: found.map(({ value, label }) => ({ value, label })),
    stages:
      found.length === 1 && only !== undefined
        ? only.stages
        : found.flatMap(({ label, stages }) => stages.map((stage) => ({ ...stage, label: `${label}: ${stage.label}` }))),
  };
}

function choiceOf(raw: unknown, what: string): Choice {
  const { id, label } = object(raw, what);
  const value = identifier(id, `${what}.id`);
  return { value, label: textOr(label, value) };
}
