import { describe, expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { isNews } from './alert-news.ts';

const changedIn = (parts: object) => ({ state: 1, severity: 1, disposition: 1, ...parts });

describe('what a person wants to hear of', () => {
  it('is what opens, opens again or changes its severity, against what is known', () => {
    const known = testAlert({ version: 4 });
    expect(isNews(testAlert(), undefined)).toBe(true);
    expect(isNews(testAlert({ version: 5, eventCount: 9 }), known)).toBe(false);
    expect(isNews(testAlert({ version: 5, severity: 'critical' }), known)).toBe(true);
    expect(isNews(testAlert({ version: 5 }), testAlert({ version: 4, state: 'resolved' }))).toBe(true);
    expect(isNews(testAlert({ version: 5, state: 'acknowledged' }), known)).toBe(false);
  });

  it('is never a version that is known, or an older one', () => {
    for (const version of [3, 4])
      expect(isNews(testAlert({ version, severity: 'critical' }), testAlert({ version: 4 }))).toBe(false);
  });

  it('is told by the alert itself where this page does not hold it', () => {
    expect(isNews(testAlert({ version: 9, changedIn: changedIn({}) }), undefined)).toBe(false);
    expect(isNews(testAlert({ version: 9, changedIn: changedIn({ state: 9 }) }), undefined)).toBe(true);
    expect(isNews(testAlert({ version: 9, changedIn: changedIn({ severity: 9 }) }), undefined)).toBe(true);
  });
});
