import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Router } from 'wouter';
import { addressOf, managedAddress, type Place } from './place.ts';
import { useManagedPage, usePlace } from './use-place.ts';

const alert = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80';

/** What a hook says at an address. */
function at<Said>(address: string, hook: () => Said): Said | undefined {
  let said: Said | undefined;
  const Page = () => {
    said = hook();
    return null;
  };
  renderToStaticMarkup(
    <Router ssrPath={address}>
      <Page />
    </Router>,
  );
  return said;
}

/** The place that the console shows at an address. */
const placeAt = (address: string): Place | undefined => at(address, usePlace)?.[0];

describe('an address of the console', () => {
  it.each([
    ['/', { site: null, alert: null, view: 'alerts', plan: null }],
    ['/plan', { site: null, alert: null, view: 'plan', plan: null }],
    ['/devices', { site: null, alert: null, view: 'devices', plan: null }],
    [`/alerts/${alert}`, { site: null, alert, view: 'alerts', plan: null }],
    [`/alerts/${alert}/plan`, { site: null, alert, view: 'plan', plan: null }],
    [`/alerts/${alert}/devices`, { site: null, alert, view: 'devices', plan: null }],
    ['/plan/first-floor', { site: null, alert: null, view: 'plan', plan: 'first-floor' }],
    [`/alerts/${alert}/plan/b2`, { site: null, alert, view: 'plan', plan: 'b2' }],
    ['/sites/north/plan/b2', { site: 'north', alert: null, view: 'plan', plan: 'b2' }],
    [`/sites/north/alerts/${alert}/plan/b2`, { site: 'north', alert, view: 'plan', plan: 'b2' }],
    ['/sites/north', { site: 'north', alert: null, view: 'alerts', plan: null }],
    ['/sites/north/plan', { site: 'north', alert: null, view: 'plan', plan: null }],
    [`/sites/plan/alerts/${alert}`, { site: 'plan', alert, view: 'alerts', plan: null }],
    [`/sites/north/alerts/${alert}/devices`, { site: 'north', alert, view: 'devices', plan: null }],
  ] as const)('%s leads to its place and is the address of it', (address, place) => {
    expect(placeAt(address)).toEqual(place);
    expect(addressOf(place)).toBe(address);
  });

  it.each([
    '/alerts',
    '/alerts/',
    '/alerts/1',
    '/plan/of/what',
    '/nothing',
    '/alerts/%2e%2e/x',
    '/constructor',
    '/sites',
    '/sites/a%20b',
  ])('%s, which means nothing, is the queue', (address) => {
    expect(placeAt(address)).toEqual({ site: null, alert: null, view: 'alerts', plan: null });
  });
});

describe('a page that is managed', () => {
  it.each(['account', 'people', 'lists', 'site'] as const)('%s has an address of its own', (page) => {
    const address = managedAddress(page);
    expect(at(address, useManagedPage)).toBe(page);
    expect(placeAt(address)).toEqual({ site: null, alert: null, view: 'alerts', plan: null });
  });

  it.each([
    '/',
    '/plan',
    '/manage',
    '/manage/constructor',
    '/manage/people/x',
    '/account/x',
    '/sites/account',
  ])('is not at %s', (address) => expect(at(address, useManagedPage)).toBeNull());
});
