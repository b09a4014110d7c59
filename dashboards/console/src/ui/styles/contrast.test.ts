import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [darkCss, lightCss] = css.split('@media (prefers-color-scheme: light)');
const tokens = (text = '') =>
  new Map([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]));
const dark = tokens(darkCss);
const schemes = { dark, light: new Map([...dark, ...tokens(lightCss)]) };

/** Relative luminance and contrast ratio of WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
function contrast(left: string, right: string): number {
  const [low, high] = [luminance(left), luminance(right)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

const grounds = ['ground', 'pane', 'raised', 'hover', 'critical-ground', 'high-ground'];
const severities = ['critical', 'high', 'medium', 'low'];

describe.each(Object.entries(schemes))('colours of the %s scheme', (_, scheme) => {
  const ratio = (front: string, back: string) => contrast(scheme.get(front)!, scheme.get(back)!);

  it.each(grounds)('letters on --%s have 4.5:1 (WCAG 1.4.3)', (ground) => {
    for (const letter of ['text', 'muted']) expect(ratio(letter, ground), letter).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...severities, 'accent', 'ok', 'warn'])('--%s reads on the panes', (name) => {
    for (const ground of ['ground', 'pane', 'raised'])
      expect(ratio(name, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('each severity reads on its own ground, and its mark on it', () => {
    expect(ratio('critical', 'critical-ground')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('high', 'high-ground')).toBeGreaterThanOrEqual(4.5);
    for (const severity of severities) expect(ratio('on-severity', severity)).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-accent', 'accent-strong')).toBeGreaterThanOrEqual(4.5);
  });

  it('borders of fields and the focus ring have 3:1 (WCAG 1.4.11)', () => {
    for (const ground of ['ground', 'pane']) {
      for (const name of ['line-strong', 'focus', 'wall'])
        expect(ratio(name, ground), name).toBeGreaterThanOrEqual(3);
    }
  });
});
