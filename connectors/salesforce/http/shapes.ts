import { HubError } from '../../../src/contract/errors.ts';
import { isRaw, type Raw } from '../../../src/contract/raw.ts';

export function broken(what: string, wanted: string): HubError {
  return new HubError('broken_answer', `Salesforce answered ${what} that is not ${wanted}`);
}

export function object(value: unknown, what: string): Raw {
  if (!isRaw(value)) throw broken(what, 'an object');
  return value;
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw broken(what, 'a list');
  return value;
}

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw broken(what, 'a text');
  return value;
}

export function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

export function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
