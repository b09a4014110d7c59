import { expect, it } from 'vitest';
import { preferredLanguage } from './i18n.ts';

it('prefers what was chosen, then the first language of the browser that it knows', () => {
  expect(preferredLanguage('en', ['zh-CN'])).toBe('en');
  expect(preferredLanguage(null, ['zh-TW', 'en'])).toBe('zh-CN');
  expect(preferredLanguage(null, ['fr', 'zh'])).toBe('zh-CN');
  expect(preferredLanguage(null, ['fr-FR', 'en-GB'])).toBe('en');
  expect(preferredLanguage('xx', ['fr'])).toBe('en');
});
