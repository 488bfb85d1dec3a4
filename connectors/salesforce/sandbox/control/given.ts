import type { Context } from 'hono';
import { asObject } from '../api/exchange.ts';

/** The body of a control call. */
export async function bodyOf(c: Context): Promise<Readonly<Record<string, unknown>>> {
  return asObject(await c.req.json());
}

export function textIn(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`${name} is a text`);
  return value;
}

export function textsIn(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value)) throw new Error(`${name} is a list of texts`);
  return value.map((one) => textIn(one, name));
}
