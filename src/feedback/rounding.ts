/**
 * Rounds `over / under` once, half away from zero, to `decimals`. The ratio is taken after scaling, so that a half is exactly a half;
 * minus zero comes out as zero.
 */
export function roundRatio(over: number, under: number, decimals: number): number {
  const unit = 10 ** decimals;
  const scaled = (over * unit) / under;
  const rounded = (Math.sign(scaled) * Math.round(Math.abs(scaled))) / unit;
  return rounded === 0 ? 0 : rounded;
}
