import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Router } from 'wouter';
import { addressOf, type Place } from './place.ts';
import { usePlace } from './use-place.ts';

const alert = '01998f3e-7d2a-7c11-9a35-0b1f5d6e7a80';

/** The place that the console shows at an address. */
function placeAt(address: string): Place | undefined {
  let shown: Place | undefined;
  const Page = () => {
    [shown] = usePlace();
    return null;
  };
  renderToStaticMarkup(
    <Router ssrPath={address}>
      <Page />
    </Router>,
  );
  return shown;
}

describe('an address of the console', () => {
  it.each([
    ['/', { alert: null, view: 'alerts' }],
    ['/plan', { alert: null, view: 'plan' }],
    ['/devices', { alert: null, view: 'devices' }],
    [`/alerts/${alert}`, { alert, view: 'alerts' }],
    [`/alerts/${alert}/plan`, { alert, view: 'plan' }],
    [`/alerts/${alert}/devices`, { alert, view: 'devices' }],
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
  ])('%s, which means nothing, is the queue', (address) => {
    expect(placeAt(address)).toEqual({ alert: null, view: 'alerts' });
  });
});
