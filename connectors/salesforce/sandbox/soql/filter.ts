import { longId, looksLikeId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Field } from '../schema/field.ts';
import type { Row, Value } from '../store/row.ts';
import { type Ground, type Resolved, resolve } from './path.ts';
import type { Condition, Literal, Operator, Path } from './query.ts';
import { dayStart, daysIn, dayText } from './spans.ts';
import { likePattern, malformed, unquoted } from './tokens.ts';

/** A condition made ready: the test, and what the indexes may use to look at fewer rows. */
export type Filter = {
  test(row: Row): boolean;
  /** All matching rows are among these ids, when that is known. */
  readonly ids: ReadonlySet<string> | null;
  /** All matching rows have at least this SystemModstamp, or Id. */
  readonly minStamp: number | null;
  readonly minId: string | null;
};

const open = { ids: null, minStamp: null, minId: null };

/** Makes a condition ready to run, or refuses what its fields do not allow. */
export function compileFilter(ground: Ground, condition: Condition): Filter {
  switch (condition.kind) {
    case 'and':
      return every(condition.parts.map((part) => compileFilter(ground, part)));
    case 'or':
      return any(condition.parts.map((part) => compileFilter(ground, part)));
    case 'not': {
      const inner = compileFilter(ground, condition.part);
      return { ...open, test: (row) => !inner.test(row) };
    }
    case 'in':
      return member(ground, condition);
    case 'semijoin':
      return semijoin(ground, condition);
    case 'includes':
      return includes(ground, condition);
    case 'compare':
      return comparison(ground, condition);
  }
}

function every(parts: readonly Filter[]): Filter {
  const known = <T>(of: (part: Filter) => T | null): T[] => parts.map(of).filter((one) => one !== null);
  const ids = known((part) => part.ids).sort((a, b) => a.size - b.size)[0] ?? null;
  const stamps = known((part) => part.minStamp);
  return {
    ids,
    minStamp: stamps.length === 0 ? null : Math.max(...stamps),
    minId:
      known((part) => part.minId)
        .sort()
        .at(-1) ?? null,
    test: (row) => parts.every((part) => part.test(row)),
  };
}

function any(parts: readonly Filter[]): Filter {
  const all = <T>(of: (part: Filter) => T | null): T[] | null => {
    const found = parts.map(of).filter((one) => one !== null);
    return found.length === parts.length ? found : null;
  };
  const ids = all((part) => part.ids);
  const stamps = all((part) => part.minStamp);
  return {
    ids: ids === null ? null : new Set(ids.flatMap((some) => [...some])),
    minStamp: stamps === null ? null : Math.min(...stamps),
    minId: all((part) => part.minId)?.sort()[0] ?? null,
    test: (row) => parts.some((part) => part.test(row)),
  };
}

function filterable(ground: Ground, path: Path): Resolved {
  const resolved = resolve(ground, path);
  if (resolved.field.filterable) return resolved;
  throw malformed(ground.query.text, path.at, `field '${resolved.field.name}' can not be filtered in a query call`, 'INVALID_FIELD');
}

type Member = Extract<Condition, { kind: 'in' }>;
function member(ground: Ground, { path, negated, literals }: Member): Filter {
  const resolved = filterable(ground, path);
  const wanted = new Set(literals.map((literal) => folded(resolved.field, constant(ground, { field: resolved.field, path, literal }))));
  const { field, read } = resolved;
  const test = (row: Row) => wanted.has(folded(field, read(row))) !== negated;
  if (negated || resolved.steps.length > 0) return { ...open, test };
  const texts = [...wanted].filter((value) => typeof value === 'string');
  return { ...open, test, ids: texts.length === wanted.size ? pointed(ground, field, texts) : null };
}

type Semijoin = Extract<Condition, { kind: 'semijoin' }>;
function semijoin(ground: Ground, { path, negated, query }: Semijoin): Filter {
  const { org } = ground;
  const { field, read, steps } = filterable(ground, path);
  const [selected, more] = query.selected;
  if (selected?.kind !== 'field' || more !== undefined || (field.type !== 'id' && field.type !== 'reference')) {
    throw malformed(ground.query.text, path.at, 'a semi join compares one id field with another');
  }
  const inner: Ground = { org, schema: org.schema(query.from), query };
  const of = resolve(inner, selected.path);
  const filter = query.where === null ? null : compileFilter(inner, query.where);
  const rows = [...org.store.table(inner.schema.name).values()].filter((row) => !row.IsDeleted && (filter?.test(row) ?? true));
  const ids = new Set(rows.map((row) => of.read(row)).filter((value) => typeof value === 'string'));
  const test = (row: Row) => ids.has(String(read(row))) !== negated;
  return { ...open, test, ids: negated || steps.length > 0 ? null : pointed(ground, field, [...ids]) };
}

type Includes = Extract<Condition, { kind: 'includes' }>;
function includes(ground: Ground, { path, negated, literals }: Includes): Filter {
  const { field, read } = filterable(ground, path);
  if (field.type !== 'multipicklist') {
    throw malformed(ground.query.text, path.at, `invalid operator on ${field.type} field`, 'INVALID_QUERY_FILTER_OPERATOR');
  }
  const sets = literals.map((literal) => String(constant(ground, { field, path, literal })).toLowerCase().split(';'));
  const test = (row: Row) => {
    const chosen = new Set(
      String(read(row) ?? '')
        .toLowerCase()
        .split(';'),
    );
    return sets.some((all) => all.every((one) => chosen.has(one))) !== negated;
  };
  return { ...open, test };
}

type Compare = Extract<Condition, { kind: 'compare' }>;
function comparison(ground: Ground, { path, operator, literal }: Compare): Filter {
  const resolved = filterable(ground, path);
  const { field, read, steps } = resolved;
  if (operator === 'LIKE') return { ...open, test: like(ground, { resolved, path, literal }) };
  if (literal.type === 'span') return { ...open, test: inSpan(ground, { resolved, operator, literal }) };
  const wanted = folded(field, constant(ground, { field, path, literal }));
  const test = (row: Row) => holds(operator, folded(field, read(row)), wanted);
  if (steps.length > 0) return { ...open, test };
  const isFrom = ['=', '>', '>='].includes(operator);
  return {
    test,
    ids: operator === '=' && typeof wanted === 'string' ? pointed(ground, field, [wanted]) : null,
    minStamp: isFrom && field.name === 'SystemModstamp' && typeof wanted === 'number' ? wanted : null,
    minId: isFrom && field.name === 'Id' && typeof wanted === 'string' ? wanted : null,
  };
}

type Spanned = { readonly resolved: Resolved; readonly operator: Operator; readonly literal: Extract<Literal, { type: 'span' }> };
function inSpan({ org, query }: Ground, { resolved: { field, read }, operator, literal }: Spanned): (row: Row) => boolean {
  if (field.type !== 'date' && field.type !== 'datetime') {
    throw malformed(query.text, 0, `value of filter criterion for field '${field.name}' must be of type ${field.type}`, 'INVALID_FIELD');
  }
  const [first, after] = daysIn(literal.name, literal.count, org.now()) ?? [0, 0];
  const edge = (day: number) => (field.type === 'date' ? dayText(day) : dayStart(day));
  const [from, to] = [edge(first), edge(after)];
  const inside = (value: Value) => holds('>=', value, from) && holds('<', value, to);
  return (row) => {
    const value = read(row);
    switch (operator) {
      case '=':
        return inside(value);
      case '!=':
        return !inside(value);
      case '<':
        return holds('<', value, from);
      case '<=':
        return holds('<', value, to);
      case '>':
        return holds('>=', value, to);
      default:
        return holds('>=', value, from);
    }
  };
}

function pointed({ org, schema }: Ground, field: Field, texts: readonly string[]): ReadonlySet<string> | null {
  if (field.name === 'Id') return new Set(texts);
  const found = texts.map((value) => org.store.table(schema.name).holding(field.name, value));
  return found.every((ids) => ids !== null) ? new Set(found.flatMap((ids) => [...ids])) : null;
}

/** Texts are compared whatever their case; ids are not. */
function folded(field: Field, value: Value): Value {
  return typeof value === 'string' && field.type !== 'id' && field.type !== 'reference' ? value.toLowerCase() : value;
}

function holds(operator: Exclude<Operator, 'LIKE'>, value: Value, wanted: Value): boolean {
  if (operator === '=') return value === wanted;
  if (operator === '!=') return value !== wanted;
  if (value === null || wanted === null) return false;
  switch (operator) {
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
  }
}

type Use = { readonly field: Field; readonly path: Path; readonly literal: Literal };

/** The literal as a value of the field's type; of another type it is refused, as Salesforce does. */
function constant(ground: Ground, { field, path, literal }: Use): Value {
  const wrong = (wanted: string) => {
    const reason = `value of filter criterion for field '${field.name}' must be of type ${wanted}`;
    return malformed(ground.query.text, path.at, reason, 'INVALID_FIELD');
  };
  if (literal.type === 'null') return null;
  switch (field.type) {
    case 'boolean':
      if (literal.type === 'boolean') return literal.value;
      throw wrong('boolean and should not be enclosed in quotes');
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      if (literal.type === 'number') return literal.value;
      throw wrong(`${field.type} and should not be enclosed in quotes`);
    case 'datetime':
      if (literal.type === 'datetime') return literal.value;
      throw wrong('dateTime and should not be enclosed in quotes');
    case 'date':
      if (literal.type === 'date') return literal.text;
      throw wrong('date and should not be enclosed in quotes');
    default:
      if (literal.type !== 'string') throw wrong('string and should be enclosed in quotes');
      return text(ground, { field, path, literal });
  }
}

function text({ query }: Ground, { field, path, literal }: Use): string | null {
  const value = literal.type === 'string' ? unquoted(literal.text) : null;
  if (value === null) throw malformed(query.text, path.at, 'Illegal escape in a string literal');
  if (value.length > 4000) throw malformed(query.text, path.at, 'string literals are at most 4000 characters long');
  if (value === '') return null;
  if (field.type !== 'id' && field.type !== 'reference') return value;
  if (looksLikeId(value)) return longId(value);
  throw new Refusal('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${value}`);
}

type Like = { readonly resolved: Resolved; readonly path: Path; readonly literal: Literal };
function like({ query }: Ground, { resolved: { field, read }, path, literal }: Like): (row: Row) => boolean {
  const textual = ['string', 'textarea', 'picklist', 'combobox', 'email', 'phone', 'url'].includes(field.type);
  if (!textual) throw malformed(query.text, path.at, `invalid operator on ${field.type} field`, 'INVALID_QUERY_FILTER_OPERATOR');
  if (literal.type !== 'string' || unquoted(literal.text) === null) throw malformed(query.text, path.at, 'LIKE takes a string');
  const pattern = likePattern(literal.text);
  return (row) => {
    const value = read(row);
    return typeof value === 'string' && pattern.test(value);
  };
}
