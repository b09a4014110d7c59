import { expect, it } from 'vitest';
import { alertEventTypes } from '../alert/alert.ts';
import { sensorKinds } from '../wire/events/sensor.ts';
import { instructionFor, instructionNamesOf, instructionsSchema } from './instructions.ts';

const text = (en: string) => ({ text: { en }, contacts: [] });

it('every kind of alert has a name of its own in a site file', () => {
  for (const eventType of alertEventTypes.filter((type) => !/system\.restored|warning\.ended/.test(type)))
    for (const kind of sensorKinds) {
      const names = instructionNamesOf({ eventType, details: { kind } });
      expect(names, eventType).toHaveLength(2);
      expect(names[1]).toBe('otherwise');
    }
});

it('the instruction of an alert is that of its kind, else that for everything else, else none', () => {
  const file = { 'sensor.smoke': text('smoke'), 'gateway.lost': text('gateway'), tamper: text('tamper') };
  const alarm = (kind: string) => ({ eventType: 'watchpost.sensor.alarm.v1' as const, details: { kind } });
  const said = (instructions: object, alert: Parameters<typeof instructionFor>[1]) =>
    instructionFor(instructionsSchema.parse(instructions), alert)?.text.en;
  expect(said(file, alarm('smoke'))).toBe('smoke');
  expect(said(file, { ...alarm('smoke'), eventType: 'watchpost.sensor.anomaly.v1' })).toBe('smoke');
  expect(said(file, { eventType: 'watchpost.gateway.lost.v1', details: {} })).toBe('gateway');
  expect(said(file, { eventType: 'watchpost.tamper.cover.v1', details: {} })).toBe('tamper');
  expect(said(file, alarm('gas'))).toBeUndefined();
  expect(said({ ...file, otherwise: text('rest') }, alarm('gas'))).toBe('rest');
  expect(said({ ...file, otherwise: text('rest') }, alarm('smoke'))).toBe('smoke');
});

it('one language is enough, none is too little', () => {
  expect(instructionsSchema.safeParse({ face: { text: { 'zh-CN': '核实' } } }).success).toBe(true);
  const refused = instructionsSchema.safeParse({ face: { text: {} } });
  expect(refused.error?.issues[0]).toMatchObject({
    path: ['face', 'text'],
    params: { code: 'site.missing' },
  });
});
