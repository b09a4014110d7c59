import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serverFolderTexts } from '../../cli/src/server-folder-texts.ts';
import { demoSiteUrl, readDemoSite } from '../support/demo-site.ts';
import { lineOfPlanted, plantedMistakes } from '../support/planted-mistakes.ts';

const original = readFileSync(demoSiteUrl, 'utf8');

/** What the command line puts into the reader’s language. */
const worded = Object.keys(serverFolderTexts(false).types);
/** Nobody needs English to read it: no three words in a row. */
const isInNoLanguage = (text: string): boolean =>
  worded.includes(text) || !/[a-z]{2,} [a-z]+ [a-z]{2,}/i.test(text);

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
      expect(mistake).toMatchObject({
        line: lineOfPlanted(original, text, planted),
        file: 'sites/demo/site.yaml',
      });
      for (const [name, value] of Object.entries(says)) {
        const said = mistake?.details[name];
        if (value instanceof RegExp) expect(String(said)).toMatch(value);
        else expect(said).toBe(value);
      }
      expect(readDemoSite(original.replace(was, () => mended)).mistakes).toEqual([]);
    },
  );
  it.each([
    ['driver: modbus-tcp, host: h, function: coil, address: 1, type: u16', 'bit'],
    ['driver: modbus-tcp, host: h, function: holding, address: 1, bit: 3', 'type: bit'],
    ['driver: modbus-tcp, host: h, function: holding, address: 1, type: bit', '0…15'],
    ['driver: modbus-tcp, host: h, function: holding, address: 1, value: { pointer: /a }', 'pointer: ""'],
    ['driver: mqtt-json, url: "mqtt://h", topic: "a/#"', 'building/floor-1/door'],
    ['driver: mqtt-json, url: "http://h", topic: a', 'mqtt://host:port, mqtts://host:port'],
    ['driver: mqtt-json, url: "mqtt://h", topic: a, value: { pointer: a }', '/contact'],
    ['driver: mqtt-json, url: "mqtt://h", topic: a, value: { scale: 0 }', '≠ 0'],
    ['driver: mqtt-json, url: "mqtt://h", topic: a, value: { above: 1, below: 0 }', 'above / below'],
    ['driver: mqtt-json, url: "mqtt://h", topic: a, value: { hysteresis: 1 }', 'above, below'],
    [
      'driver: mqtt-json, url: "mqtt://h", topic: a, user: u, password: { secret: " x" }',
      'camera-1.password',
    ],
  ])('“%s” says what is expected in no language', (connect, expected) => {
    const text = original.replace(
      /(profile: generic-smoke[\s\S]*?\n {4}connect:)\n(?: {6}[^\n]*\n)+/,
      (_all, before) => `${before} { ${connect} }\n`,
    );
    expect(readDemoSite(text).mistakes.map(({ details }) => details.expected)).toContain(expected);
  });
  it('says what is expected in no language, or in the reader’s', () => {
    const found = plantedMistakes.flatMap(
      ({ was, wrote }) => readDemoSite(original.replace(was, () => wrote)).mistakes,
    );
    const expected = found.flatMap(({ details }) => details.expected ?? []);
    expect(expected.length).toBeGreaterThan(10);
    expect(expected.filter((each) => !isInNoLanguage(String(each)))).toEqual([]);
  });
});
