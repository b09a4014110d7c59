// @vitest-environment jsdom
import { act, useCallback, useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { ApiProblem } from '../api/ask.ts';
import { DrawnPage } from '../testing/drawn-page.tsx';
import { MoreButton } from './more-button.tsx';
import { type PageOf, usePaged } from './use-paged.ts';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

type Load = (of: string, after: number | null) => Promise<PageOf<string, number>>;
function List({ of, load }: { readonly of: string; readonly load: Load }) {
  const { items, problem, more } = usePaged<string, number>(
    useCallback((after: number | null) => load(of, after), [of, load]),
  );
  return (
    <>
      <p data-testid="items">{items?.join(' ') ?? 'nothing yet'}</p>
      <p data-testid="problem">{problem}</p>
      <MoreButton more={more} label="more" testId="more" />
    </>
  );
}
const said = async (id: string) => (await page?.find(id))?.textContent;

it('pages stand below each other until nothing follows', async () => {
  page = await DrawnPage.open(
    <List of="a" load={async (of, after) => ({ items: [`${of}${after ?? 0}`], next: after ? null : 1 })} />,
  );
  expect(await said('items')).toBe('a0');
  await page.press('more');
  expect(await said('items')).toBe('a0 a1');
  expect(page.all('more')).toEqual([]);
});

it('a page that cannot be loaded says so, what is there stays, and it can be asked for again', async () => {
  let isLost = true;
  const load: Load = async (of, after) => {
    if (after !== null && isLost) throw new ApiProblem('console.network', '', 0);
    return { items: [`${of}${after ?? 0}`], next: after ? null : 1 };
  };
  page = await DrawnPage.open(<List of="a" load={load} />);
  await page.press('more');
  expect(await said('problem')).not.toBe('');
  expect(await said('items')).toBe('a0');
  isLost = false;
  await page.press('more');
  expect([await said('items'), await said('problem')]).toEqual(['a0 a1', '']);
});

it('what an older question brings late is not shown', async () => {
  const waiting = new Map<string, (page: PageOf<string, number>) => void>();
  const load: Load = (of) => new Promise((resolve) => waiting.set(of, resolve));
  let show: (of: string) => void = () => undefined;
  const Filtered = () => {
    const [of, setOf] = useState('old');
    show = setOf;
    return <List of={of} load={load} />;
  };
  page = await DrawnPage.open(<Filtered />);
  await act(async () => show('new'));
  await act(async () => waiting.get('new')?.({ items: ['new'], next: null }));
  await act(async () => waiting.get('old')?.({ items: ['old'], next: null }));
  expect(await said('items')).toBe('new');
});
