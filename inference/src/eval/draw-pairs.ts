/** An SVG with two drawings: histograms of genuine and impostor cosines, and the DET curve (false non-match against false match rate). */
export function drawPairs(genuine: readonly number[], impostors: Float32Array): string {
  const same = histogram(genuine);
  const other = histogram(impostors);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="380" font-family="sans-serif" font-size="12">',
    '<rect width="900" height="380" fill="#fff"/>',
    `<polyline points="${curve(other)}" fill="none" stroke="#b33" stroke-width="2"/>`,
    `<polyline points="${curve(same)}" fill="none" stroke="#36a" stroke-width="2"/>`,
    '<text x="40" y="24" fill="#b33">different people / 不同人</text><text x="220" y="24" fill="#36a">same person / 同一人</text>',
    ...[-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1].map(
      (x) => `<text x="${40 + 320 * ((x + 0.2) / 1.2)}" y="350">${x}</text>`,
    ),
    '<text x="150" y="370">cosine / 余弦</text>',
    `<polyline points="${det(genuine, impostors)}" fill="none" stroke="#222" stroke-width="2"/>`,
    ...[-5, -4, -3, -2, -1].map((x) => `<text x="${500 + 70 * (x + 5)}" y="350">1e${x}</text>`),
    ...[-3, -2, -1, 0].map((y) => `<text x="455" y="${330 - 95 * (y + 3)}">1e${y}</text>`),
    '<text x="560" y="370">false match rate / 误匹配率</text><text x="500" y="24">false non-match rate / 漏匹配率</text>',
    '</svg>',
  ].join('\n');
}

/** Shares of 60 bins from −0.2 to 1. */
function histogram(values: ArrayLike<number>): Float64Array {
  const bins = new Float64Array(60);
  for (let i = 0; i < values.length; i++) {
    const at = Math.min(59, Math.max(0, Math.floor((((values[i] ?? 0) + 0.2) / 1.2) * 60)));
    bins[at] = (bins[at] ?? 0) + 1 / values.length;
  }
  return bins;
}

function curve(bins: Float64Array): string {
  const top = Math.max(...bins);
  return Array.from(
    bins,
    (value, i) => `${(40 + (i * 320) / 60).toFixed(1)},${(330 - (280 * value) / top).toFixed(1)}`,
  ).join(' ');
}

function det(genuine: readonly number[], impostors: Float32Array): string {
  const sorted = impostors.toSorted();
  const own = genuine.toSorted((a, b) => a - b);
  const points: string[] = [];
  for (let log = -5; log <= -1; log += 0.1) {
    const threshold = sorted[sorted.length - 1 - Math.floor(10 ** log * sorted.length)] ?? 1;
    const missed = own.filter((cosine) => cosine < threshold).length / own.length;
    const y = 330 - 95 * (Math.log10(Math.max(missed, 1e-3)) + 3);
    points.push(`${(500 + 70 * (log + 5)).toFixed(1)},${y.toFixed(1)}`);
  }
  return points.join(' ');
}
