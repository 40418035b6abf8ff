// Numbers of the charts. Pure.

// The round number (1, 2 or 5 times a power of ten, 10 at least) at which an axis ends.
export function niceTop(most: number): number {
  let step = 10;
  for (;;) {
    for (const times of [1, 2, 5]) if (step * times >= most) return step * times;
    step *= 10;
  }
}

// Share of the whole in per cent, 0 to 100.
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return part > 0 ? 100 : 0;
  return Math.min(100, Math.max(0, (part / whole) * 100));
}
