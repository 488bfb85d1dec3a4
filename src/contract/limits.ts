/**
 * What an answer says of the vendor's limits: the calls of everybody who shares them, not ours alone. `window`: of the pace that holds for all calls;
 * `day`: of the day, as the manifest counts it. `crowded`: calls get in each other's way over there, and go out one by one for a while.
 */
export type Heard = {
  readonly window?: { readonly max: number; readonly left: number };
  readonly day?: { readonly max: number; readonly used: number };
  readonly crowded?: true;
};
