import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testNotice } from '../../testing/test-notice.ts';
import { cutToBytes } from './cut-to-bytes.ts';
import { noticeText, withoutMentions } from './notice-text.ts';

test('a notice reads naturally in both languages', () => {
  expect(noticeText(testNotice(), 2_000)).toBe(
    '[Critical] New: Smoke in the east stairwell\nSensor smoke-3, since 08:15.\nCall the fire post: 119.\nhttps://watch.example/alerts/7',
  );
  const { link: _, ...chinese } = testNotice({
    ...{ language: 'zh-CN', kind: 'cleared', severity: 'medium', title: '东侧楼梯间烟雾', body: '' },
  });
  expect(noticeText(chinese, 2_000)).toBe('【中】已解除：东侧楼梯间烟雾');
});

test('a cut text is within its bytes, whole characters, and keeps its link', () => {
  const notice = testNotice({ body: '👨‍👩‍👧烟'.repeat(400) });
  const text = noticeText(notice, 500);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(500);
  expect(text.endsWith('…\nhttps://watch.example/alerts/7')).toBe(true);
  expect(text).not.toMatch(/‍…|�/);
});

test('cutting keeps a beginning, and never more than asked', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.integer({ min: 3, max: 80 }),
      (text, bytes) => {
        const cut = cutToBytes(text, bytes);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(Math.max(bytes, 3));
        expect(cut === text || text.startsWith(cut.slice(0, -1))).toBe(true);
      },
    ),
  );
});

test('nothing that somebody wrote calls everybody in a group', () => {
  const notice = testNotice({ title: '<at user_id="all"></at>', body: 'smoke <@all>' });
  expect(noticeText(withoutMentions(notice), 2_000)).not.toContain('<');
});
