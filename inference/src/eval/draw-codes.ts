import { type CodePicture, isTrue, type Reading } from './code-set.ts';

/** One reader's readings, by picture, and its times where they are known. */
export interface CodeColumn {
  readonly name: string;
  readonly readings: readonly (readonly Reading[])[];
  /** ms per picture. */
  readonly ms?: readonly number[];
}

const row = 16;
const colours = { exact: '#36a', false: '#b33', other: '#c90', none: '#ddd' } as const;

/**
 * An SVG: one strip of pictures per reader and folder, coloured by what was read, and a histogram of our
 * times.
 */
export function drawCodes(pictures: readonly CodePicture[], columns: readonly CodeColumn[]): string {
  const folders = [...new Set(pictures.map(({ file }) => file.split('/')[0] ?? ''))];
  const parts: string[] = [];
  let y = 50;
  for (const folder of folders) {
    const indices = pictures.flatMap(({ file }, i) => (file.split('/')[0] === folder ? [i] : []));
    parts.push(`<text x="20" y="${y}" font-weight="bold">${inXml(folder)} (${indices.length})</text>`);
    for (const column of columns) {
      y += row;
      parts.push(`<text x="20" y="${y}">${inXml(column.name)}</text>`);
      const step = Math.min(12, 720 / indices.length);
      parts.push(
        ...indices.map((at, i) => {
          const colour = colours[stateOf(pictures[at], column.readings[at] ?? [])];
          const x = (150 + step * i).toFixed(1);
          return `<rect x="${x}" y="${y - 10}" width="${(step * 0.85).toFixed(1)}" height="11" fill="${colour}"/>`;
        }),
      );
    }
    y += 26;
  }
  const times = columns.find(({ ms }) => ms)?.ms ?? [];
  parts.push(`<text x="20" y="${y}" font-weight="bold">ms / 毫秒</text>`, ...histogram(times, y + 110));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="${y + 140}" font-family="sans-serif" font-size="12">`,
    `<rect width="900" height="${y + 140}" fill="#fff"/>`,
    `<text x="20" y="24" fill="${colours.exact}">exact / 正确</text>`,
    `<text x="140" y="24" fill="${colours.false}">false / 误读</text>`,
    `<text x="240" y="24" fill="${colours.other}">read, truth unknown / 已读，无对照</text>`,
    '<text x="460" y="24" fill="#999">not read / 未读</text>',
    ...parts,
    '</svg>',
  ].join('\n');
}

function stateOf(picture: CodePicture | undefined, found: readonly Reading[]): keyof typeof colours {
  if (!picture || found.length === 0) return 'none';
  if (picture.shows === 'unknown') return 'other';
  return picture.shows === 'one' && found.some((reading) => isTrue(reading, picture.truth))
    ? 'exact'
    : 'false';
}

/** Shares of pictures by time, 5 ms each, the last one open. */
function histogram(ms: readonly number[], base: number): string[] {
  const bins = new Array<number>(20).fill(0);
  for (const value of ms) {
    const at = Math.min(19, Math.floor(value / 5));
    bins[at] = (bins[at] ?? 0) + 1;
  }
  const top = Math.max(1, ...bins);
  return bins.map((count, i) => {
    const height = (80 * count) / top;
    const bar = `<rect x="${150 + 36 * i}" y="${base - height}" width="30" height="${height}" fill="#36a"/>`;
    return `${bar}<text x="${150 + 36 * i}" y="${base + 16}">${5 * i}${i === 19 ? '+' : ''}</text>`;
  });
}

const inXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
