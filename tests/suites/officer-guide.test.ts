import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scoreEvent } from '../../alerting/src/risk/event-risk.ts';
import { defaultRuleSet, severityOf } from '../../alerting/src/risk/rule-set.ts';
import { smokeAlarm, testEvent } from '../../alerting/src/testing/test-events.ts';
import { en } from '../../dashboards/console/src/texts/en.ts';
import { zhCn } from '../../dashboards/console/src/texts/zh-cn.ts';
import { demoSite } from '../support/demo-site.ts';

const guide = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../docs/guides/${file}`, import.meta.url)), 'utf8');

const pages = fileURLToPath(new URL('../../dashboards/console/src/', import.meta.url));

/** What the pages say that bring texts of their own. */
async function pageTexts(file: string): Promise<string[]> {
  const found = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith(`/${file}`),
  );
  const texts = await Promise.all(
    found.map(async (path) => Object.values<Record<string, string>>(await import(join(pages, path)))),
  );
  return texts.flat().flatMap((catalogue) => Object.values(catalogue));
}

/**
 * A language of the guide: how it quotes the screen, what the screen says, and words in bold that are places
 * of the screen.
 */
const languages = {
  en: {
    text: guide('officer.md'),
    quote: /(?<!\*)\*([^*\n]+)\*(?!\*)/g,
    texts: [...Object.values<string>(en), ...(await pageTexts('texts-en.ts'))],
    site: [demoSite.name.en, ...demoSite.zones.map(({ name }) => name.en)],
    places: ['Top bar', 'Left', 'Middle', 'Right'],
  },
  zh: {
    text: guide('officer.zh-CN.md'),
    quote: /“([^”\n]+)”/g,
    texts: [...Object.values<string>(zhCn), ...(await pageTexts('texts-zh-cn.ts'))],
    site: [demoSite.name['zh-CN'], ...demoSite.zones.map(({ name }) => name['zh-CN'])],
    places: ['顶栏', '左侧', '中间', '右侧'],
  },
} as const;
type Language = (typeof languages)['en' | 'zh'];

const bold = /\*\*([^*\n]+)\*\*/g;
const quoted = ({ text, quote }: Language) => {
  const prose = text.replaceAll('\n', ' ');
  return [...prose.matchAll(quote), ...prose.matchAll(bold)].map(([, name = '']) => name);
};

/** What stands in the first column of the table of states. */
const statesOf = ({ text }: Language) =>
  [...text.matchAll(/^\| ([^|]+) \| [^|]+\|$/gm)].flatMap(([, state = '']) =>
    state.startsWith('-') ? [] : [state.trim()],
  );

/**
 * Whether the screen can say this: a text of the console, with something in place of what it fills in; or a
 * name of the site.
 */
function isOnScreen({ texts, site, places }: Language, name: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[ .…。]+$/u, '');
  const sought = plain(name);
  if (places.some((place) => place === name)) return true;
  return [...site, ...texts].some((text = '') => {
    // What is filled in altogether would be anything.
    if ((text.replace(/\{\{\w+\}\}/g, '').match(/\p{L}/gu) ?? []).length < 2) return false;
    const parts = plain(text).split(/\{\{\w+\}\}/);
    const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+');
    return new RegExp(`^${pattern}$`, 'u').test(sought);
  });
}

describe.each(Object.entries(languages))('the guide for officers (%s)', (_language, language) => {
  it('calls fields, buttons and states as the console does', () => {
    const names = [...quoted(language), ...statesOf(language).slice(1)];
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !isOnScreen(language, name))).toEqual([]);
  });

  it('tells the score of the demo’s smoke alarm as it is', () => {
    const risk = scoreEvent(
      testEvent(smokeAlarm()),
      {
        zoneCriticality: demoSite.zones.find(({ id }) => id === 'server-room')?.criticality ?? Number.NaN,
        armed: false,
        corroboratingDevices: 0,
        ageMs: 0,
        dispositions: { genuine: 0, mistaken: 0 },
      },
      defaultRuleSet,
    );
    expect(severityOf(risk.score)).toBe('critical');
    const told = /(?:risk|风险) (\d+)/.exec(language.text)?.[1];
    expect(Number(told)).toBe(risk.score);
    const [kind, zone] = [/(\d+) for the kind|事件类型 (\d+)/, /(\d+) for the importance|重要程度 (\d+)/].map(
      (pattern) => {
        const [, first, second] = pattern.exec(language.text.replace(/\n/g, ' ')) ?? [];
        return Number(first ?? second);
      },
    );
    expect(risk.factors.map(({ name, points }) => [name, points])).toEqual([
      ['severity_of_type', kind],
      ['zone_criticality', zone],
    ]);
  });
});

describe('planted', () => {
  it.each([
    ['en', 'Snooze'],
    ['zh', '滋扰'],
    ['en', 'Acknowledged by'],
  ] as const)('a name that no screen shows (%s, %s)', (language, name) => {
    expect(isOnScreen(languages[language], name)).toBe(false);
  });
});
