import type { RiskFactor } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import { describe, expect, it } from 'vitest';
import {
  alertKind,
  becauseText,
  confidenceText,
  signedPoints,
  whatHappened,
  whereText,
} from './alert-texts.ts';
import { en } from './en.ts';
import type { Texts } from './texts.tsx';

const catalogue: Readonly<Record<string, string>> = en;
const fill = (text: string, values: object = {}) =>
  Object.entries(values).reduce((done, [name, value]) => done.replaceAll(`{{${name}}}`, String(value)), text);

/** The English texts without i18next. */
const texts: Texts = {
  language: 'en',
  t: (key, values) => fill(catalogue[key] ?? catalogue[`${key}_other`] ?? key, values),
  maybe: (key) => catalogue[key],
  number: (value, options) => new Intl.NumberFormat('en', options).format(value),
  percent: (share) => new Intl.NumberFormat('en', { style: 'percent' }).format(share),
};

const site = {
  zones: [{ id: 'gate', name: { en: 'Main gate', 'zh-CN': '正门' } }],
  devices: [{ id: 'cam', name: { en: 'Gate camera', 'zh-CN': '正门摄像机' } }],
} as unknown as Site;

const factor = (name: RiskFactor['name'], because: RiskFactor['because']) =>
  becauseText(texts, site, 'gate', { name, points: 1, because });

describe('what happened', () => {
  it.each([
    ['watchpost.face.candidate.v1', { list: 'watch' }, 'Watch-list candidate – to be confirmed by a person'],
    ['watchpost.pass.rejected.v1', { reason: 'signature' }, 'Forged visitor pass'],
    ['watchpost.sensor.alarm.v1', { kind: 'smoke' }, 'Smoke alarm'],
    ['watchpost.sensor.alarm.v1', { kind: 'new_kind' }, 'Sensor alarm'],
    [
      'watchpost.sensor.anomaly.v1',
      { kind: 'temperature', reason: 'drift' },
      'Unusual reading – Temperature, slow drift',
    ],
    ['watchpost.from.the.future.v9', {}, 'watchpost.from.the.future.v9'],
  ])('%s %o', (type, details, text) => {
    expect(whatHappened(texts, type, details)).toBe(text);
  });

  it('a fault of the server says what it is, and is no gateway’s', () => {
    const fault = (error: string, device: string) =>
      whatHappened(texts, 'watchpost.gateway.fault.v1', { error }, device);
    expect(fault('list.not_in_step', 'alerting')).toMatch(/^Gateways do not follow the lists at present/);
    expect(fault('edge.clock_wrong', 'gw-1')).toMatch(/^Gateway reports a fault/);
    expect(whereText(texts, site, { zone: 'gate', device: 'alerting' } as never)).toBe('Server');
  });

  it('names zone and device, by id where the site does not list them', () => {
    expect(whereText(texts, site, { zone: 'gate', device: 'cam' } as never)).toBe('Main gate · Gate camera');
    const short = { ...site, devices: [{ id: 'cam', name: { en: 'Main gate camera' } }] } as unknown as Site;
    expect(whereText(texts, short, { zone: 'gate', device: 'cam' } as never)).toBe('Main gate camera');
    expect(whereText(texts, null, { zone: 'gate', device: 'cam' } as never)).toBe('gate · cam');
  });

  it('puts sensor kind, list or reason into data-kind', () => {
    expect(alertKind({ details: { kind: 'door', reason: 'x' } })).toBe('door');
    expect(alertKind({ details: { list: 'watch', entry: 'w1' } })).toBe('watch');
    expect(alertKind({ details: {} })).toBe('');
  });
});

describe('reasons of a score', () => {
  it('are sentences for what alerting says', () => {
    expect(factor('zone_criticality', { criticality: 0.8 })).toBe('Main gate has importance 80%');
    expect(factor('armed_schedule', { armed: true })).toBe('The zone is armed at this hour');
    expect(factor('recency', { ageMinutes: 0 })).toBe('Reported as it happened');
    expect(factor('device_trust', { trust: 0.75, genuine: 0, mistaken: 0 })).toContain('75%');
    expect(factor('severity_of_type', { type: 'watchpost.sensor.alarm.v1', kind: 'gas' })).toBe('Gas alarm');
  });

  it('list the plain values of what has no sentence', () => {
    expect(factor('recency', { window_minutes: 1.23456, late: true })).toBe(
      'window minutes: 1.23 · late: yes',
    );
  });

  it('never call a match certain', () => {
    expect(factor('match_confidence', { confidence: 0.993 })).toContain('99%');
    expect(factor('match_confidence', { confidence: 0.99999 })).toContain('more than');
    expect(confidenceText({ ...texts, percent: (share) => String(share) }, 1)).toBe('more than 0.999');
  });

  it('carry a true minus sign', () => {
    expect(signedPoints(texts, -2.5)).toBe('−2.5');
    expect(signedPoints(texts, 3)).toBe('+3');
  });
});
