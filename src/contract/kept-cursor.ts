import { HubError } from './errors.ts';

type Unusable = (why: string) => HubError;

/** Says why a cursor that was kept is of no use any more. `of`: what was read with it, such as a survey. */
export function unusableCursor(of: string): Unusable {
  return (why) => new HubError('cursor_expired', `the place where the last read of this ${of} stopped ${why}`);
}

/** A time of a kept cursor, or none; anything else is damage, and must not pass for "from the start". */
export function keptInstant(value: unknown, unusable: Unusable): string | null {
  if (value === null) return null;
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw unusable('cannot be read');
  return value;
}
