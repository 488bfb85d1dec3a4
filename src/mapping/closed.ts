import { z } from 'zod';

/** An object that is closed, and says which words it knows. */
export function closed<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? `Use one of ${known}` : undefined) });
}
