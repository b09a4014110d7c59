import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demoSiteUrl, readDemoSite } from '../support/demo-site.ts';
import { type PlantedMistake, plantedMistakes } from '../support/planted-mistakes.ts';

const original = readFileSync(demoSiteUrl, 'utf8');

/** The line, from 1, that the mistake must name. */
function lineOf(text: string, { on }: PlantedMistake): number {
  if (on === undefined) {
    const before = original.split('\n');
    return text.split('\n').findIndex((line, index) => line !== before[index]) + 1;
  }
  return text.slice(0, text.indexOf(on)).split('\n').length;
}

describe('a mistake in a site file', () => {
  it('the demo’s has none', () => {
    expect(readDemoSite().mistakes).toEqual([]);
  });
  it.each(plantedMistakes)(
    '“$wrote” for “$was” is $code, on its line, with a remedy that works',
    (planted) => {
      const { was, wrote, code, says = {}, mended = was } = planted;
      expect(original).toContain(was);
      const text = original.replace(was, () => wrote);
      const { mistakes } = readDemoSite(text);
      expect(mistakes.map((mistake) => mistake.code)).toContain(code);
      const mistake = mistakes.find((each) => each.code === code);
      expect(mistake).toMatchObject({ line: lineOf(text, planted), file: 'sites/demo/site.yaml' });
      for (const [name, value] of Object.entries(says)) {
        const said = mistake?.details[name];
        if (value instanceof RegExp) expect(String(said)).toMatch(value);
        else expect(said).toBe(value);
      }
      expect(readDemoSite(original.replace(was, () => mended)).mistakes).toEqual([]);
    },
  );
});
