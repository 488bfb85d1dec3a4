import { type HubDocument, hubDocument } from './document.ts';
import { shaped } from './explain.ts';
import type { HubField, HubFieldType, HubModel, HubObject, ResponsePart, Rollup } from './mapping.ts';
import { adviseOneOf, type Findings, inOrder, type MappingProblem } from './problems.ts';
import { checkSegments, compileSegments } from './segments.ts';
import { readYaml } from './yaml.ts';

type FieldDocument = NonNullable<HubDocument['objects'][string]>['fields'][string];

/** Reads `hub.yaml`: which objects and fields the hub keeps. */
export function parseHub(text: string, file: string): { ok: true; model: HubModel } | { ok: false; problems: readonly MappingProblem[] } {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const shape = shaped(hubDocument, read.source);
  if (shape !== undefined) checkModel(shape.document, shape.findings);
  const { problems } = read.source.findings;
  if (shape === undefined || problems.length > 0) return { ok: false, problems: inOrder(problems) };
  return { ok: true, model: new Map(Object.entries(shape.document.objects).map(([name, object]) => [name, toObject(name, object)])) };
}

function toObject(name: string, object: HubDocument['objects'][string]): HubObject {
  const fields = new Map(Object.entries(object.fields).map(([field, document]) => [field, toField(field, document)]));
  const segments = object.segments === undefined ? {} : { segments: compileSegments(object.segments) };
  return { name, label: object.label ?? labelOf(name), fields, ...segments };
}

function toField(name: string, field: FieldDocument): HubField {
  return {
    name,
    label: field.label ?? labelOf(name),
    type: field.type,
    to: field.to ?? null,
    category: field.category,
    sensitivity: field.sensitivity,
    identity: field.identity ?? null,
    unique: field.unique ?? false,
    steward: field.steward ?? null,
    rollup: field.rollup === undefined ? null : rollupOf(field.rollup),
    response: field.response ?? null,
    ...(field.segment === undefined ? {} : { segment: field.segment }),
  };
}

function rollupOf({ of, take, key, nature }: NonNullable<FieldDocument['rollup']>): Rollup {
  return { of: of ?? null, take, ...(key === undefined ? {} : { key }), ...(nature === undefined ? {} : { nature }) };
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ROLLUP_TYPES: Readonly<Record<Rollup['take'], readonly HubFieldType[]>> = {
  last: ['number'],
  mean: ['number'],
  count: ['number'],
  category: ['choice'],
  comment: ['long_text', 'text'],
  date: ['datetime'],
};

const PART_TYPES: Readonly<Record<ResponsePart, readonly HubFieldType[]>> = {
  title: ['text', 'long_text'],
  text: ['long_text'],
  time: ['datetime'],
  state: ['choice', 'text'],
  survey: ['text'],
  channel: ['text', 'choice'],
  language: ['text', 'choice'],
  metric: ['choice', 'text'],
  score: ['number'],
  meaning: ['choice', 'text'],
  comment: ['long_text', 'text'],
  reference: ['text'],
  about: ['references'],
};

function checkModel({ objects }: HubDocument, findings: Findings): void {
  for (const [object, { fields }] of Object.entries(objects)) {
    for (const [name, field] of Object.entries(fields)) {
      const path = ['objects', object, 'fields', name];
      if (field.type === 'reference' || field.type === 'references') checkTarget(field.to, { path, objects, findings });
      else if (field.to !== undefined)
        findings.add([...path, 'to'], 'only a reference points at another object', 'Remove it, or make the type reference or references');
      if (field.unique === true && field.identity === undefined)
        findings.add([...path, 'unique'], 'a key needs to know how two spellings of it become one', 'Add identity, such as text');
      const fits = field.rollup && ROLLUP_TYPES[field.rollup.take];
      if (fits && !fits.includes(field.type))
        findings.add([...path, 'type'], `"${field.type}" cannot hold this roll-up`, `Use one of ${fits.join(', ')}`);
      const shows = field.response && PART_TYPES[field.response];
      if (shows && !shows.includes(field.type))
        findings.add([...path, 'type'], `"${field.type}" cannot hold this part of a response`, `Use one of ${shows.join(', ')}`);
    }
  }
  checkCycles(objects, findings);
  checkEntries(objects, findings);
  for (const name of Object.keys(objects)) checkSegments(name, objects, findings);
  const [, ...more] = Object.entries(objects).filter(([, { segments }]) => segments !== undefined);
  for (const [name] of more)
    findings.add(['objects', name, 'segments'], 'another object has the segments already', 'Keep all of them there');
}

// A record of it is an entry as a whole, so one object is enough, and nothing else can be kept there.
function checkEntries(objects: HubDocument['objects'], findings: Findings): void {
  const ofEntries = Object.entries(objects).filter(([, { fields }]) =>
    Object.values(fields).some(({ response }) => response !== undefined),
  );
  for (const [object] of ofEntries.slice(1))
    findings.add(['objects', object], 'the entries of responses are records of another object already', 'Keep "response" on one object');
  for (const [object, { fields }] of ofEntries) {
    for (const [name, field] of Object.entries(fields)) {
      if (field.response === undefined)
        findings.add(['objects', object, 'fields', name], 'the others of this object show responses', 'Add response, or remove the field');
    }
  }
}

function checkTarget(
  to: string | undefined,
  { path, objects, findings }: { path: string[]; objects: HubDocument['objects']; findings: Findings },
): void {
  if (to === undefined) findings.add(path, 'a reference needs "to"', `Add to: with one of ${Object.keys(objects).join(', ')}`);
  else if (!Object.hasOwn(objects, to))
    findings.add([...path, 'to'], `the hub has no object "${to}"`, adviseOneOf(to, Object.keys(objects)));
}

// A child waits for its parent, so two objects that wait for each other would wait for ever. A tree within one object has a top.
function checkCycles(objects: HubDocument['objects'], findings: Findings): void {
  for (const [object, { fields }] of Object.entries(objects)) {
    for (const [name, { to }] of Object.entries(fields)) {
      if (to === undefined || to === object || !reaches(to, object, objects)) continue;
      findings.add(
        ['objects', object, 'fields', name, 'to'],
        `"${object}" and "${to}" point at each other`,
        'Keep the reference on one of them',
      );
    }
  }
}

function reaches(from: string, goal: string, objects: HubDocument['objects']): boolean {
  const seen = new Set([from]);
  for (const object of seen) {
    for (const { to } of Object.values(objects[object]?.fields ?? {})) if (to !== undefined && to !== object) seen.add(to);
  }
  return seen.has(goal);
}
