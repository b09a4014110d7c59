// @vitest-environment jsdom
import type { PrivacyList, Session } from '@watchpost/contracts/api';
import { privacyListSchema } from '@watchpost/contracts/api';
import { Suspense } from 'react';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem, type Ask } from '../../api/ask.ts';
import { DrawnPage } from '../../testing/drawn-page.tsx';
import { privacyPage as PrivacyPage } from './privacy-entry.ts';

const list = privacyListSchema.parse({
  records: [
    {
      site: 'park',
      purpose: 'people who were told to stay away',
      assessment: { reference: 'DPIA-7', approvedBy: 'R. Ito', approvedAt: '2026-01-10T20:00:00.000Z' },
      noticeSign: { place: 'left of the gate', checkedAt: '2026-01-10T08:00:00.000Z' },
      notPrivate: true,
      cameras: [
        { id: 'cam1', name: { en: 'Gate', 'zh-CN': '大门' }, zone: 'gate', faces: true },
        { id: 'cam3', name: { en: 'Ramp', 'zh-CN': '坡道' }, zone: 'gate', faces: false },
      ],
      due: [
        { what: 'sign', by: '2026-07-09', state: 'overdue' },
        { what: 'assessment', by: '2027-01-11', state: 'later' },
      ],
    },
  ],
  without: [{ site: 'park', id: 'cam2', name: { en: 'Yard', 'zh-CN': '院子' }, zone: 'gate' }],
});

let page: DrawnPage | undefined;
afterEach(() => page?.close());

const open = async (answer: () => Promise<PrivacyList>, language: 'en' | 'zh-CN' = 'en') => {
  const ask = ((_method, path) =>
    path === '/privacy' ? answer() : Promise.reject(new ApiProblem('api.not_found', '', 404))) as Ask;
  page = await DrawnPage.open(
    <Suspense>
      <PrivacyPage ask={ask} session={{} as Session} sites={new Map()} />
    </Suspense>,
    { language },
  );
  await page.find('privacy-shown');
  return page;
};

it.each([
  ['en', ['Overdue', 'Check the notice sign by July 9, 2026', 'Not yet due', 'Ramp (switched off)', 'Yard']],
  ['zh-CN', ['已逾期', '2026年7月9日前检查告示牌', '未到期', '坡道（已关闭人脸识别）', '院子']],
] as const)('says what is due and whom it is about, in %s', async (language, said) => {
  const { text } = await open(async () => list, language);
  for (const words of said) expect(text).toContain(words);
});

it('says that nobody looks for faces where there is no record', async () => {
  const { text } = await open(async () => ({ records: [], without: [] }));
  expect(text).toContain('No camera looks for faces here');
});

it('says why nothing can be shown', async () => {
  const shown = await open(() => Promise.reject(new ApiProblem('api.forbidden', '', 403)));
  expect(shown.text).toContain('does not allow');
});
