import type { Language } from '@watchpost/contracts/api';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { recall, remember } from '../live/remembered.ts';

/**
 * What the switch said last, else the browser's own wish: any Chinese reads Simplified, all others English.
 */
export function preferredLanguage(remembered: string | null, browser: readonly string[]): Language {
  if (remembered === 'zh-CN' || remembered === 'en') return remembered;
  for (const wish of browser) {
    if (/^zh\b/i.test(wish)) return 'zh-CN';
    if (/^en\b/i.test(wish)) return 'en';
  }
  return 'en';
}

/** The texts of a page that is loaded later: each language when it is read, and not before. */
export type PageTexts = Readonly<Record<Language, () => Promise<Readonly<Record<string, string>>>>>;

/**
 * One language is loaded, and the other when somebody asks for it: each is a tenth of all that a phone has to
 * load.
 */
const catalogues: PageTexts = {
  en: async () => (await import('./en.ts')).en,
  'zh-CN': async () => (await import('./zh-cn.ts')).zhCn,
};

/** Pages that were opened: whoever changes the language then reads them in the other one too. */
const opened = new Set<PageTexts>();

async function load(language: Language): Promise<void> {
  const wanted = [...opened];
  if (!i18next.hasResourceBundle(language, 'translation')) wanted.unshift(catalogues);
  for (const texts of await Promise.all(wanted.map((one) => one[language]())))
    i18next.addResourceBundle(language, 'translation', texts, true, true);
}

/** Loads the texts of a page, in the language in use, before it is drawn. */
export async function loadPageTexts(texts: PageTexts): Promise<void> {
  opened.add(texts);
  await load(i18next.language === 'zh-CN' ? 'zh-CN' : 'en');
}

export async function startTexts(): Promise<void> {
  const language = preferredLanguage(recall('language'), navigator.languages);
  i18next.on('languageChanged', (chosen) => {
    document.documentElement.lang = chosen;
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await catalogues[language]() } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
}

/** Changes the language for this browser, when its texts are there. */
export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  remember('language', language);
}
