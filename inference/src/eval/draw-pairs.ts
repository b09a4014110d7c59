/** Left: histograms over cosines; right: DET curve. Pixels of the drawing. */
const top = 50;
const bottom = 330;
const left = { from: 40, to: 400, low: -0.4, high: 1 };
const right = { from: 500, to: 860, decades: [-5, -1], missed: [-3, 0] } as const;

const cosineX = (cosine: number) =>
  left.from + ((left.to - left.from) * (cosine - left.low)) / (left.high - left.low);
const rateX = (log: number) => right.from + ((right.to - right.from) * (log - right.decades[0])) / 4;
const missedY = (log: number) => bottom - ((bottom - top) * (log - right.missed[0])) / 3;
const line = (x1: number, y1: number, x2: number, y2: number, stroke = '#ddd') =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}"/>`;
const label = (x: number, y: number, text: string, more = '') =>
  `<text x="${x}" y="${y}" text-anchor="middle"${more}>${text}</text>`;

/**
 * An SVG with two drawings: histograms of genuine and impostor cosines, each scaled to its own peak, and the
 * DET curve (false non-match against false match rate, both logarithmic). `threshold` is marked in both.
 */
export function drawPairs(genuine: readonly number[], impostors: Float32Array, threshold: number): string {
  const ascending = impostors.toSorted();
  const atThreshold = {
    falseMatch: shareFrom(ascending, threshold),
    missed: genuine.filter((cosine) => cosine < threshold).length / genuine.length,
  };
  const [x, y] = pointOf(atThreshold.falseMatch, atThreshold.missed);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 390" font-family="sans-serif" font-size="12">',
    '<rect width="900" height="390" fill="#fff"/>',
    ...[-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((cosine) => [
      line(cosineX(cosine), top, cosineX(cosine), bottom),
      label(cosineX(cosine), 350, String(cosine)),
    ]),
    polyline(curve(histogram(impostors)), '#b33'),
    polyline(curve(histogram(genuine)), '#36a'),
    line(cosineX(threshold), top, cosineX(threshold), bottom, '#222'),
    label(cosineX(threshold), 44, `threshold / 阈值 ${threshold}`),
    '<text x="40" y="20" fill="#b33">different people / 不同人</text><text x="220" y="20" fill="#36a">same person / 同一人</text>',
    label(220, 372, 'cosine / 余弦'),
    ...[-5, -4, -3, -2, -1].flatMap((log) => [
      line(rateX(log), top, rateX(log), bottom),
      label(rateX(log), 350, `1e${log}`),
    ]),
    ...[-3, -2, -1, 0].flatMap((log) => [
      line(right.from, missedY(log), right.to, missedY(log)),
      label(480, missedY(log) + 4, `1e${log}`),
    ]),
    polyline(det(genuine, ascending), '#222'),
    `<circle cx="${x}" cy="${y}" r="4" fill="#222"/>`,
    label(680, 372, 'false match rate / 误匹配率'),
    '<text x="470" y="20">false non-match rate / 漏匹配率</text>',
    '</svg>',
  ].join('\n');
}

const polyline = (points: string, stroke: string) =>
  `<polyline points="${points}" fill="none" stroke="${stroke}" stroke-width="2"/>`;

/** Shares of 70 bins over the drawing’s cosines; what lies outside is left out. */
function histogram(values: ArrayLike<number>): Float64Array {
  const bins = new Float64Array(70);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor((((values[i] ?? 0) - left.low) / (left.high - left.low)) * bins.length);
    if (at >= 0 && at < bins.length) bins[at] = (bins[at] ?? 0) + 1 / values.length;
  }
  return bins;
}

function curve(bins: Float64Array): string {
  const peak = Math.max(...bins, 1e-9);
  const step = (left.to - left.from) / bins.length;
  return Array.from(bins, (value, i) =>
    [left.from + (i + 0.5) * step, bottom - ((bottom - top) * value) / peak].map((n) => n.toFixed(1)).join(),
  ).join(' ');
}

/** Share of the ascending values that reach `threshold`. */
function shareFrom(ascending: Float32Array, threshold: number): number {
  const first = ascending.findIndex((value) => value >= threshold);
  return first < 0 ? 0 : (ascending.length - first) / ascending.length;
}

/** Where a pair of rates lies, kept within the drawing. */
function pointOf(falseMatch: number, missed: number): [string, string] {
  const within = (log: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, log));
  return [
    rateX(within(Math.log10(falseMatch), right.decades)).toFixed(1),
    missedY(within(Math.log10(missed), right.missed)).toFixed(1),
  ];
}

function det(genuine: readonly number[], ascending: Float32Array): string {
  const points: string[] = [];
  for (let log = right.decades[0]; log <= right.decades[1] + 1e-9; log += 0.1) {
    const threshold = ascending[ascending.length - 1 - Math.floor(10 ** log * ascending.length)] ?? 1;
    const missed = genuine.filter((cosine) => cosine < threshold).length / genuine.length;
    points.push(pointOf(10 ** log, missed).join());
  }
  return points.join(' ');
}
