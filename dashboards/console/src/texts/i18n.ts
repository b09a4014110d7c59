import type { Language } from '@watchpost/contracts';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { recall, remember } from '../live/remembered.ts';
import { en } from './en.ts';
import { zhCn } from './zh-cn.ts';

/** What the switch said last, else the browser's own wish: any Chinese reads Simplified, all others English. */
export function preferredLanguage(remembered: string | null, browser: readonly string[]): Language {
  if (remembered === 'zh-CN' || remembered === 'en') return remembered;
  for (const wish of browser) {
    if (/^zh\b/i.test(wish)) return 'zh-CN';
    if (/^en\b/i.test(wish)) return 'en';
  }
  return 'en';
}

export async function startTexts(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    lng: preferredLanguage(recall('language'), navigator.languages),
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
}

export function chooseLanguage(language: Language): void {
  void i18next.changeLanguage(language);
  remember('language', language);
}
