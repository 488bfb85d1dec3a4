/**
 * What came of applying a plan. `applied`: all of it is done, but for `drifted` writes that are not what the plan has shown any more. `drifted`:
 * so much was different before anything was done, so nothing was. `waiting`: it is under way, and goes on when a system works again. `busy`:
 * another worker is at one of its connections. `paused`, `cancelled`: somebody wanted it so; what was under way is settled.
 */
export type Applied =
  | { readonly kind: 'applied'; readonly done: number; readonly drifted: number }
  | { readonly kind: 'drifted'; readonly drifted: number }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'paused' }
  | { readonly kind: 'cancelled'; readonly done: number; readonly left: number }
  | { readonly kind: 'busy' };
