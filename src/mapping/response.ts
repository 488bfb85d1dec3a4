import type { Fields, FieldValue } from '../contract/records.ts';
import { canonical } from '../kernel/json.ts';
import { compileReading } from './arriving/compile.ts';
import { shownIn } from './arriving/example.ts';
import { type ResponseDocument, responseDocument } from './document.ts';
import { shaped } from './explain.ts';
import type { Evidence, HubModel, ResponseMapping } from './mapping.ts';
import { normalise } from './normalise.ts';
import { adviseOneOf, type Findings } from './problems.ts';
import type { Source } from './yaml.ts';

const usualTopBox = 2;

/** Checks and compiles the mapping of survey responses; undefined when something is among the findings. */
export function compileResponse(source: Source, model: HubModel | null): ResponseMapping | undefined {
  const shape = shaped(responseDocument, source);
  if (shape === undefined || model === null) return undefined;
  const { document, findings } = shape;
  if (!model.has(document.hub))
    findings.add(['hub'], `the hub has no object "${document.hub}"`, adviseOneOf(document.hub, [...model.keys()]));
  checkTwice(document, findings);
  const reading = compileReading(document, findings);
  const mapping: ResponseMapping = {
    kind: 'response',
    file: source.file,
    connector: document.connector,
    object: document.object,
    ...(document.connection === undefined ? {} : { connection: document.connection }),
    hub: document.hub,
    attach: document.attach,
    metrics: (document.metrics ?? []).map(({ survey = null, question, metric, higherIsBetter = true, topBox = usualTopBox }) => {
      return { survey, question, metric, higherIsBetter, topBox };
    }),
    comments: document.comments ?? [],
    ...(reading === null ? {} : { reading }),
  };
  if (findings.problems.length === 0) checkExamples(mapping, document.examples ?? [], findings);
  return findings.problems.length === 0 ? mapping : undefined;
}

/** The evidence that a response shows, strongest first, in the spelling that is matched; an id is kept as it is written. */
export function* evidenceIn(mapping: ResponseMapping, fields: Fields, region?: string): Generator<Evidence & { readonly value: string }> {
  for (const { by, from } of mapping.attach) {
    const shown = Object.hasOwn(fields, from) ? (fields[from] ?? null) : null;
    const value = by === 'id' ? idIn(shown) : normalise(by, shown, region);
    if (value !== null) yield { by, from, value };
  }
}

function idIn(value: FieldValue): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const id = String(value).trim();
  return id === '' ? null : id;
}

function checkTwice({ attach, metrics = [] }: ResponseDocument, findings: Findings): void {
  for (const [i, one] of attach.entries()) {
    if (attach.findIndex(({ by, from }) => by === one.by && from === one.from) < i)
      findings.add(['attach', i], 'this step stands above already', 'Remove it');
  }
  for (const [i, one] of metrics.entries()) {
    const first = metrics.findIndex(({ survey, question }) => survey === one.survey && question === one.question);
    if (first < i)
      findings.add(['metrics', i, 'question'], `"${one.question}" is bound already by metrics[${first}]`, 'Keep one of the two');
  }
}

function checkExamples(mapping: ResponseMapping, examples: NonNullable<ResponseDocument['examples']>, findings: Findings): void {
  for (const [i, example] of examples.entries()) {
    const remote = shownIn(example, { mapping, path: ['examples', i], findings });
    if (remote === undefined) continue;
    checkAnswers(example.answers ?? {}, remote, (name, reason) =>
      findings.add(['examples', i, 'answers', name], reason, 'Correct the example or response'),
    );
    const [first] = evidenceIn(mapping, remote);
    if (first?.by === example.attach.by && first.value === example.attach.value) continue;
    const found =
      first === undefined ? 'nothing in it is evidence' : `it is attached by ${first.by} ${JSON.stringify(first.value)} from ${first.from}`;
    findings.add(['examples', i, 'attach'], found, 'Correct the example or the order of attach');
  }
}

function checkAnswers(wanted: Fields, shown: Fields, tell: (question: string, reason: string) => void): void {
  for (const [question, answer] of Object.entries(wanted)) {
    const found = shown[`answer:${question}`] ?? null;
    if (canonical(found) !== canonical(answer)) tell(question, `the answer to ${question} is ${JSON.stringify(found)}`);
  }
}
