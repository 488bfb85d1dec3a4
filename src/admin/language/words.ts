import type { en } from './en.ts';

/** What the page says, by area: each language has each of these keys. */
export type Words = typeof en;

/** One area in another language: the same keys. Of what is counted only the form `_other`, where a language has no other one. */
export type Said<Some> = {
  readonly [Key in keyof Some as Key extends `${string}_one` ? never : Key]: Some[Key] extends string ? string : Said<Some[Key]>;
};
