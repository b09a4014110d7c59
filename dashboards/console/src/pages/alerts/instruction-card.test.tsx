import type { Instruction } from '@watchpost/contracts/site';
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { expect, it } from 'vitest';
import { en } from '../../texts/en.ts';
import { TextsProvider } from '../../texts/texts.tsx';
import { zhCn } from '../../texts/zh-cn.ts';
import { InstructionCard } from './instruction-card.tsx';

async function shown(lng: 'en' | 'zh-CN', instruction: Instruction | undefined): Promise<string> {
  const resources = { en: { translation: en }, 'zh-CN': { translation: zhCn } };
  await i18next.use(initReactI18next).init({ lng, resources, keySeparator: false });
  return renderToStaticMarkup(
    <TextsProvider>
      <InstructionCard instruction={instruction} />
    </TextsProvider>,
  );
}

const contacts = [{ name: 'Warden', phone: '+86 (21) 0000-0001' }];

it('is in the language of the reader, with numbers that a phone can dial', async () => {
  const both = { text: { en: 'Get out.', 'zh-CN': '撤离。' }, contacts };
  const english = await shown('en', both);
  expect(english).toContain('What to do');
  expect(english).toContain('lang="en">Get out.');
  expect(english).toContain('href="tel:+862100000001"');
  expect(english).not.toContain('撤离');
  const chinese = await shown('zh-CN', both);
  expect(chinese).toContain('处置要点');
  expect(chinese).toContain('lang="zh-CN">撤离。');
});

it('falls back to the other language, and says which one that is', async () => {
  expect(await shown('en', { text: { 'zh-CN': '撤离。' }, contacts: [] })).toContain('lang="zh-CN">撤离。');
  expect(await shown('zh-CN', { text: { en: 'Get out.' }, contacts: [] })).toContain('lang="en">Get out.');
});

it('shows nothing where the site says nothing, and takes nothing for markup', async () => {
  expect(await shown('en', undefined)).toBe('');
  expect(await shown('en', { text: { en: '<b>Run</b>' }, contacts: [] })).toContain('&lt;b&gt;Run');
});
