import { z } from '@hono/zod-openapi';

export const Time = z.iso.datetime();
export const Count = z.int().nonnegative();
export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);
export const Fields = z.record(z.string(), FieldValue);
export const Direction = z.enum(['both', 'in', 'out', 'off']);
export const LinkState = z.enum(['in_sync', 'waiting', 'failing', 'held', 'excluded', 'gone']);
/** RFC 9457, with a pointer to each value that was not accepted. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi('Problem');

/** One page of a list: `next` is the cursor of the page after it, or null on the last one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const Choice = z.object({ value: z.string(), label: z.string() });
/** Why something goes wrong or stands still, what to do about it, and what follows: in the language that the caller asks for. */
export const SaidCause = z.object({ id: z.string(), text: z.string(), advice: z.string(), recovery: z.string() }).openapi('Cause');

/** What whoever did something is called; empty where they were removed, and no line of the audit log is left of them. */
export const ActorName = z.string();

export const Account = z.object({ id: z.string(), name: z.string() });
/** The connection that something came from; null stands for the hub itself, or for one that was deleted. */
export const From = z.object({ id: z.string(), name: z.string(), connector: z.string() });

export const Moment = z.iso.datetime({ offset: true });
export const Titled = z.object({ id: z.string(), title: z.string() });
