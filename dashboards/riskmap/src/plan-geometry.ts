/** A point of the plan in metres from its north-west corner: x east, y south, as SVG counts. */
export type PlanPoint = readonly [number, number];

export interface PlanBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `points` of an SVG polygon or polyline, to the centimetre. */
export function svgPoints(outline: readonly PlanPoint[]): string {
  return outline.map(([x, y]) => `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`).join(' ');
}

/** The smallest upright box around an outline; an empty outline gives an empty box. */
export function boundingBox(outline: readonly PlanPoint[]): PlanBox {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const [x, y] = xs.length ? [Math.min(...xs), Math.min(...ys)] : [0, 0];
  return { x, y, width: xs.length ? Math.max(...xs) - x : 0, height: ys.length ? Math.max(...ys) - y : 0 };
}

/** Length of the longest side of an outline in metres. */
export function longestSide(outline: readonly PlanPoint[]): number {
  const sides = outline.map(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? [x, y];
    return Math.hypot(nextX - x, nextY - y);
  });
  return Math.max(0, ...sides);
}

/** The `viewBox` of a plan with a margin around, everything in metres. */
export function planViewBox(plan: { widthM: number; heightM: number }, marginM: number): string {
  return [-marginM, -marginM, plan.widthM + 2 * marginM, plan.heightM + 2 * marginM].join(' ');
}

/** The longest of 1, 2, 5, 10, 20 … metres that fits into `longestM`: the length of a scale bar. */
export function scaleBarM(longestM: number): number {
  if (!(longestM > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(longestM));
  return ([5, 2].find((step) => step * power <= longestM) ?? 1) * power;
}
