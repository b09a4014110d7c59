import { timelineSchema } from '@watchpost/contracts/api';
import { expect, it, test } from 'vitest';
import { csvCell, timelineCsv } from './timeline-csv.ts';

test.each([
  ['=1+1', `"'=1+1"`],
  ['+86 10', `"'+86 10"`],
  ['-2', `"'-2"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['  =cmd|x', `"'  =cmd|x"`],
  ['\t=1', `"'\t=1"`],
  ['\r=1', `"'\r=1"`],
  ['＝1+1', `"'＝1+1"`],
  ['a "quoted" word', '"a ""quoted"" word"'],
  ['two\nlines, and a comma', '"two\nlines, and a comma"'],
  ['gate 3 = open', '"gate 3 = open"'],
  [null, '""'],
])('%j is written as %s', (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});

it('a timeline is a table with a heading, in UTF-8 that a spreadsheet knows', () => {
  const csv = timelineCsv(
    timelineSchema.parse({
      ...{ site: 'test', subject: 'b1a5b6b0-0f5e-4a7e-9b59-0d8d5e0f7a11', cut: false, complete: true },
      entries: [
        {
          ...{
            at: '2026-11-27T12:00:00.000Z',
            kind: 'task',
            what: 'accepted',
            by: '=Ana',
            department: '消防',
          },
          ...{ whom: 'Unit 1', severity: null, text: null },
        },
      ],
    }),
  );
  expect(csv.split('\r\n')).toEqual([
    '\uFEFFat,kind,what,by,department,whom,severity,text',
    `"2026-11-27T12:00:00.000Z","task","accepted","'=Ana","消防","Unit 1","",""`,
    '',
  ]);
});
