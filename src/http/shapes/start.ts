import { z } from '@hono/zod-openapi';
import { START_STEPS } from '../../hub/connections/guided-start.ts';
import { Direction } from './common.ts';
import { Rule } from './explanations.ts';

const Name = z.string().min(1).max(100);
const Step = z.enum(START_STEPS);
const Sandbox = z.object({ connectionId: z.string(), connector: z.string(), page: z.string().nullable() }).openapi('Sandbox');

/** How far the admins have come with the guided start, which they share. `seen`: somebody has looked at the plan, so that it can be switched on by. */
export const Start = z
  .object({
    step: Step,
    done: z.boolean(),
    systems: z.array(z.string()),
    objects: z.array(z.string()).nullable(),
    planId: z.string().nullable(),
    seen: z.boolean(),
    /** The systems that a sandbox can be had of here, those that things are tried out with, and those that were opened. */
    sandboxes: z.object({ offered: z.array(z.string()), trial: z.array(z.string()), open: z.array(Sandbox) }),
  })
  .openapi('Start');

export const StartPatch = z
  .strictObject({
    systems: z.array(Name).max(50).optional(),
    objects: z.array(Name).max(100).optional(),
    step: Step.optional(),
    done: z.boolean().optional(),
  })
  .openapi('StartPatch');
/** The plan that is meant; null where nothing that was chosen is written anywhere. */
export const StartPlan = z.strictObject({ plan: z.uuid().nullable() }).openapi('StartPlan');
export const SandboxWish = z.strictObject({ connector: Name }).openapi('SandboxWish');

const Side = z.object({
  connection: z.string(),
  object: z.string(),
  remote: z.string(),
  label: z.string().nullable(),
  direction: Direction,
  rule: Rule,
});

/** What is kept in step, in words: by which fields records are told to be one, and which field is which, in which direction, and who wins. */
export const StartMapping = z
  .object({
    objects: z.array(
      z.object({
        object: z.string(),
        keys: z.array(z.object({ connection: z.string(), on: z.array(z.array(z.string())) })),
        fields: z.array(z.object({ name: z.string(), label: z.string(), computed: z.boolean(), sides: z.array(Side) })),
      }),
    ),
  })
  .openapi('StartMapping');
