// @vitest-environment jsdom
import type { Alert } from '@watchpost/contracts/alert';
import { type CandidateCard, candidateCardSchema } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { Suspense } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiProblem } from '../../../api/ask.ts';
import { DrawnPage } from '../../../testing/drawn-page.tsx';
import { FakeApi } from '../../../testing/fake-ask.ts';
import { candidateCard as CandidateCardPanel } from './candidate-entry.ts';

const id = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80';
const alert = {
  ...{ id, site: 'park', zone: 'gate', device: 'cam1', eventType: 'watchpost.face.candidate.v1' },
  ...{ state: 'open', disposition: null, version: 4, lastEventAt: '2026-11-27T08:00:00.000Z' },
  details: { list: 'watch', entry: 'entry-1', cosine: 0.61, threshold: 0.41, candidate: true },
} as unknown as Alert;
const site = {
  ...{ id: 'park', timeZone: 'Asia/Shanghai', name: { en: 'Park', 'zh-CN': '园区' } },
  zones: [{ id: 'gate', name: { en: 'Main gate', 'zh-CN': '正门' } }],
  devices: [{ id: 'cam1', name: { en: 'Gate camera', 'zh-CN': '正门摄像机' } }],
} as unknown as Site;
const card: CandidateCard = candidateCardSchema.parse({
  ...{ alert: id, list: 'watch', answer: null, hidden: null },
  similarity: { band: 'clear', cosine: 0.61, threshold: 0.41, limitOneIn: 10_000, chanceOneIn: 20 },
  expected: { falsePerDay: 0.2, gallery: 120, peoplePerDay: 900.4 },
  entry: {
    ...{ label: 'Man in the red coat', reason: 'Stole twice', instruction: 'Do not stop him; call' },
    ...{ photos: 2, record: null },
  },
  may: { answer: ['confirmed', 'refused'], seePhotos: true },
});

let page: DrawnPage | undefined;
let changed: unknown[] = [];
beforeEach(() => {
  changed = [];
});
afterEach(async () => {
  await page?.close();
  vi.unstubAllGlobals();
});

async function open(shown: unknown, language: 'en' | 'zh-CN' = 'en') {
  const api = new FakeApi({ [`GET /alerts/${id}/candidate`]: shown });
  page = await DrawnPage.open(
    <Suspense>
      <CandidateCardPanel
        ask={api.ask}
        alert={alert}
        site={site}
        onChanged={(detail) => changed.push(detail)}
      />
    </Suspense>,
    { language },
  );
  await page.find('candidate-card');
  await page.settle();
  return { api, page };
}

it.each([
  [
    'en',
    [
      'Gate camera, Main gate',
      'It may be',
      'Man in the red coat',
      'Do not stop him; call',
      'Clearly above the limit.',
      'Of 10,000 pairs of different people, about one reaches the limit.',
      'About one stranger in 20',
      'About one in 5 days at this camera.',
      '120 enrolled faces, 900 people a day',
    ],
  ],
  [
    'zh-CN',
    [
      '正门摄像机，位于正门',
      '可能是',
      '明显高于阈值',
      '每 10,000 对不同的人中',
      '每 20 个陌生人中',
      '约每 5 天一个',
    ],
  ],
] as const)('says who it may be, how alike in words, and where to look, in %s', async (language, said) => {
  const { page: drawn } = await open(card, language);
  for (const words of said) expect(drawn.text).toContain(words);
  // A share in per cent would be read as the chance that it is the person.
  expect(drawn.text).not.toMatch(/\d\s?%/);
  expect(drawn.text).not.toContain('entry-1');
});

it('an answer goes with what was seen and a note; a repeat after a failure is the same request', async () => {
  const { api, page: drawn } = await open(card);
  const question = `POST /alerts/${id}/candidate`;
  api.answers[question] = new ApiProblem('console.network', '', 0);
  await drawn.fill({ 'candidate-note': ' another man ' });
  await drawn.press('candidate-refused');
  expect((await drawn.find('candidate-problem')).textContent).not.toBe('');
  api.answers[question] = { alert: { ...alert, version: 5 }, transitions: [] };
  await drawn.press('candidate-refused');
  const [first, second] = api.bodiesOf(question) as { readonly id: string }[];
  expect(first).toMatchObject({ version: 4, answer: 'refused', note: 'another man' });
  expect(second).toEqual(first);
  expect(changed).toMatchObject([{ alert: { version: 5 } }]);
});

it('what somebody else decided meanwhile is said, and shown', async () => {
  const { api, page: drawn } = await open(card);
  api.answers[`POST /alerts/${id}/candidate`] = new ApiProblem('alert.stale', '', 409);
  api.answers[`GET /alerts/${id}`] = { alert: { ...alert, version: 6 }, transitions: [] };
  await drawn.press('candidate-confirmed');
  expect((await drawn.find('candidate-problem')).textContent).not.toBe('');
  expect(changed).toMatchObject([{ alert: { version: 6 } }]);
});

it('photos are asked for with a reason, one after the other, and their addresses end with the card', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { readonly body: string }) => {
    asked.push([url, JSON.parse(body)]);
    return new Response(new Blob(['photo']));
  });
  const ended: string[] = [];
  let made = 0;
  Object.assign(URL, {
    createObjectURL: () => `blob:${++made}`,
    revokeObjectURL: (url: string) => ended.push(url),
  });
  const { page: drawn } = await open(card);
  expect(drawn.all('candidate-photo-shown')).toEqual([]);
  await drawn.press('candidate-photo-show');
  expect((await drawn.find('candidate-photo-shown')).getAttribute('src')).toBe('blob:1');
  await drawn.fill({ 'candidate-photo-reason': 'the other side' });
  await drawn.press('candidate-photo-show');
  const path = `/api/v1/alerts/${id}/candidate/photos`;
  expect(asked).toEqual([
    [`${path}/0/view`, { reason: 'Compare with the alert at Gate camera' }],
    [`${path}/1/view`, { reason: 'the other side' }],
  ]);
  expect((await drawn.find('candidate-photo-shown')).getAttribute('alt')).toBe('Enrolled photo 2 of 2');
  await drawn.close();
  page = undefined;
  expect(ended).toEqual(['blob:1', 'blob:2']);
});

it.each(['right', 'refused', 'done', 'ended', 'unknown'] as const)(
  'where the entry is not shown (%s) the card says why, and where to look all the same',
  async (hidden) => {
    const none = { ...card, entry: null, hidden, may: { answer: [], seePhotos: false } };
    const { page: drawn } = await open(none);
    expect((await drawn.find('candidate-hidden')).textContent).not.toBe('');
    expect(drawn.text).toContain('Gate camera');
    for (const test of ['candidate-entry', 'candidate-photo-show', 'candidate-confirmed'])
      expect(drawn.all(test)).toEqual([]);
  },
);

it('a card that cannot be loaded says so, and where to look', async () => {
  const { page: drawn } = await open(new ApiProblem('console.network', '', 0));
  expect(drawn.all('candidate-confirmed')).toEqual([]);
  expect(drawn.text).toContain('Gate camera');
  expect(document.querySelector('.candidate > .problem')?.textContent).not.toBe('');
});

it('who reads the lists sees what the list rests on, others do not', async () => {
  const record = {
    ...{ legalBasis: 'House ban 7', authority: 'Management', purpose: 'Theft' },
    expires: '2027-01-31T20:00:00.000Z',
  };
  const { page: drawn } = await open({ ...card, entry: { ...card.entry, record } });
  const shown = (await drawn.find('candidate-record')).textContent;
  // A day of the site, which is further east.
  for (const words of ['House ban 7', 'Management', 'Theft', 'February 1, 2027'])
    expect(shown).toContain(words);
  await drawn.close();
  const { page: other } = await open(card);
  expect(other.all('candidate-record')).toEqual([]);
});

it('numbers that nobody has are not made up', async () => {
  const similarity = { ...card.similarity, limitOneIn: null, chanceOneIn: 1 };
  const { page: drawn } = await open({ ...card, similarity, expected: null });
  expect(drawn.text).toContain('Most strangers');
  expect(drawn.text).toContain('not counted for an hour yet');
  expect(drawn.text).not.toContain('pairs of different people');
});
