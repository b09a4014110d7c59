// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { chooseTheme, chosenTheme, startTheme } from './theme.ts';

beforeEach(() => {
  localStorage.clear();
  document.head.innerHTML = `<style>:root { --ground: black }
    @media (prefers-color-scheme: light) { :root { --ground: white } }
    @media (max-width: 100px) { :root { --ground: red } }</style>`;
});

const conditions = () =>
  [...(document.styleSheets[0]?.cssRules ?? [])].flatMap((rule) =>
    rule instanceof CSSMediaRule ? [rule.media.mediaText] : [],
  );

it('is that of the device until somebody chooses, and remembered then', () => {
  startTheme();
  expect([chosenTheme(), conditions()[0]]).toEqual(['device', '(prefers-color-scheme: light)']);
  chooseTheme('light');
  expect(conditions()).toEqual(['all', '(max-width: 100px)']);
  chooseTheme('dark');
  expect(conditions()[0]).toBe('not all');
  expect(chosenTheme()).toBe('dark');
  chooseTheme('device');
  expect(conditions()[0]).toBe('(prefers-color-scheme: light)');
});

it('is what was chosen before, and what another tab chooses now', () => {
  localStorage.setItem('watchpost.theme', 'light');
  startTheme();
  expect(conditions()[0]).toBe('all');
  localStorage.setItem('watchpost.theme', 'dark');
  dispatchEvent(new StorageEvent('storage', { key: 'watchpost.theme', newValue: 'dark' }));
  expect(conditions()[0]).toBe('not all');
});

it('that means nothing is that of the device', () => {
  localStorage.setItem('watchpost.theme', 'pink');
  expect(chosenTheme()).toBe('device');
});
