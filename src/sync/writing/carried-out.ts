/** What carrying out came to, in writes, looks before them, and the fewest calls that it could have taken. */
export type CarriedOut = {
  created: number;
  updated: number;
  deleted: number;
  adopted: number;
  refused: number;
  failed: number;
  looks: number;
  floor: number;
};
export const nothingCarriedOut = (): CarriedOut => ({
  created: 0,
  updated: 0,
  deleted: 0,
  adopted: 0,
  refused: 0,
  failed: 0,
  looks: 0,
  floor: 0,
});
