import { invalid } from './refusal.ts';

export type Shape = Readonly<Record<string, unknown>>;

/** The value as a JSON object, or a 400 that names it. */
export function object(value: unknown, what: string): Shape {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalid(`Invalid input JSON: ${what} must be an object`);
  return { ...value };
}

/** The value as a JSON array, or a 400 that names it. */
export function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`Invalid input JSON: ${what} must be an array`);
  return value;
}

/** The value as text; ids may come as JSON numbers. */
export function text(value: unknown, what: string): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw invalid(`Some required fields were not set: [${what}]`);
  return value;
}

/** A text that may be left out. */
export function optionalText(value: unknown, what: string): string | undefined {
  return value === undefined || value === null ? undefined : text(value, what);
}

/** A list of texts that may be left out. */
export function texts(value: unknown, what: string): readonly string[] {
  return value === undefined || value === null ? [] : array(value, what).map((item) => text(item, what));
}

/** The `inputs` of a batch, at most `max` and at least one. */
export function inputsOf(body: Shape, max: number): readonly Shape[] {
  const inputs = array(body.inputs, 'inputs').map((input) => object(input, 'inputs[]'));
  if (inputs.length === 0) throw invalid('Invalid input JSON: inputs must not be empty');
  if (inputs.length > max) throw invalid(`The maximum number of inputs supported in a batch request is ${max}`);
  return inputs;
}
