import { seriesMethods } from '../series/method-choice.ts';
import type { Figure } from './figures.ts';
import type { SeriesByMethod } from './score-series.ts';

const colours = { statistical: '#36a', sequence: '#b73', combined: '#383' } as const;
const names = {
  statistical: 'statistics / 统计',
  sequence: 'sequence model / 序列模型',
  combined: 'both / 结合',
} as const;
const groups = {
  class_steps: 'steps / 阶跃',
  class_seasonal: 'seasonal / 周期',
  class_smooth: 'smooth / 平滑',
  class_noisy: 'noisy / 嘈杂',
  all: 'all / 全部',
} as const;
const width = 1000;
const barsHeight = 260;
const stripHeight = 70;
/** Series that are drawn: the first with windows. */
const mostStrips = 12;

/**
 * An SVG: per class the NAB points of each judge as bars, then series with their labelled windows, values and
 * scores of the statistics.
 */
export function drawSeries(figures: readonly Figure[], all: readonly SeriesByMethod[]): string {
  const strips = all.filter(({ windows }) => windows.length > 0).slice(0, mostStrips);
  const height = barsHeight + strips.length * stripHeight + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...legend(),
    ...bars(new Map(figures.map(({ figure, value }) => [figure, value]))),
    ...strips.flatMap((series, i) => strip(series, barsHeight + i * stripHeight)),
    '</svg>',
  ].join('\n');
}

function legend(): string[] {
  return seriesMethods.map(
    (judge, i) => `<text x="${40 + 220 * i}" y="20" fill="${colours[judge]}">${names[judge]}</text>`,
  );
}

function bars(values: ReadonlyMap<string, number>): string[] {
  return Object.entries(groups).flatMap(([group, name], g) => [
    `<text x="${40 + 190 * g}" y="${barsHeight - 20}">${name}</text>`,
    ...seriesMethods.flatMap((judge, j) => {
      const value = values.get(`nab_${group}_${judge}`);
      if (value === undefined) return [];
      const top = Math.max(0, Math.min(100, value)) * 1.8;
      const x = 40 + 190 * g + 50 * j;
      return [
        `<rect x="${x}" y="${(barsHeight - 40 - top).toFixed(1)}" width="40" height="${top.toFixed(1)}" fill="${colours[judge]}"/>`,
        `<text x="${x}" y="${(barsHeight - 44 - top).toFixed(1)}">${value.toFixed(1)}</text>`,
      ];
    }),
  ]);
}

function strip({ name, values, windows, scores, seriesClass }: SeriesByMethod, y: number): string[] {
  const x = (i: number) => (20 + ((width - 40) * i) / values.length).toFixed(1);
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const span = finite.reduce((a, b) => Math.max(a, b), -Infinity) - low || 1;
  const line = values.flatMap((value, i) =>
    Number.isFinite(value) ? [`${x(i)},${(y + 60 - (40 * (value - low)) / span).toFixed(1)}`] : [],
  );
  return [
    ...windows.map(
      ([from, to]) =>
        `<rect x="${x(from)}" y="${y + 18}" width="${Math.max(1, Number(x(to)) - Number(x(from))).toFixed(1)}" height="46" fill="#fd9"/>`,
    ),
    `<polyline points="${line.join(' ')}" fill="none" stroke="#999"/>`,
    ...scores.statistical.flatMap((score, i) =>
      score < 0.5 ? [] : [`<circle cx="${x(i)}" cy="${y + 18}" r="3" fill="${colours.statistical}"/>`],
    ),
    `<text x="20" y="${y + 12}">${escaped(name)} (${seriesClass})</text>`,
  ];
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
