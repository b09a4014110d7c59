import { readFileSync } from 'node:fs';
import { demoSiteUrl, readDemoSite } from '../../support/demo-site.ts';
import { lineOfPlanted, plantedMistakes } from '../../support/planted-mistakes.ts';
import type { FieldBench } from '../field/field-bench.ts';

/** Planted mistakes in a site file that are found on their line, and over when the remedy is followed. */
export const mistakesFound: FieldBench = {
  name: 'mistakes',
  figures: ['mistakes_found'],
  async run(say) {
    const original = readFileSync(demoSiteUrl, 'utf8');
    const found = plantedMistakes.filter((planted) => {
      const { was, wrote, code, mended = was } = planted;
      const text = original.replace(was, () => wrote);
      const line = lineOfPlanted(original, text, planted);
      const isFound =
        original.includes(was) &&
        readDemoSite(text).mistakes.some((mistake) => mistake.code === code && mistake.line === line) &&
        readDemoSite(original.replace(was, () => mended)).mistakes.length === 0;
      if (!isFound) say(`not found: ${wrote}`);
      return isFound;
    });
    return [{ figure: 'mistakes_found', value: found.length, unit: 'mistakes', n: plantedMistakes.length }];
  },
};
