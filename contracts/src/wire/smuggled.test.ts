import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEvent, wireLimits } from '../wire/index.ts';

const golden = (type: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/v1/event.watchpost.${type}.v1.json`, import.meta.url), 'utf8'),
  );
const candidate = golden('face.candidate');
const data = candidate.data as Record<string, unknown>;
const refusal = (changed: object): string => {
  try {
    parseEvent({ ...candidate, ...changed });
    return 'accepted';
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as { path: string }).path}`;
  }
};

describe('an event carries what its type says, and nothing beside it', () => {
  it('extensions that are not known are tolerated up to their limit, all together', () => {
    expect(refusal({ tenant: 'x'.repeat(100) })).toBe('accepted');
    expect(refusal({ tenant: 'x'.repeat(wireLimits.extensionBytes) })).toBe(
      'wire.extensions_too_large /tenant',
    );
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`ext${i}`, 12345]));
    expect(refusal(many)).toBe('wire.extensions_too_large /ext0');
    expect(refusal({ [`n${'x'.repeat(600)}`]: 1 })).toMatch(/^wire.extensions_too_large \/nx{63}$/);
  });

  it('names of models and tracks are names', () => {
    const model = { name: 'x'.repeat(300), digest: '0123456789abcdef' };
    expect(refusal({ data: { ...data, models: [model] } })).toBe('wire.schema /data/models/0/name');
    expect(refusal({ data: { ...data, track: 'x'.repeat(300) } })).toBe('wire.schema /data/track');
    expect(refusal({ data: { ...data, track: 'a man in a red coat' } })).toBe('wire.schema /data/track');
  });

  it('scores have three decimals, however many came', () => {
    const { data: parsed } = parseEvent({ ...candidate, data: { ...data, cosine: 0.512345678901234 } });
    expect(parsed).toMatchObject({ cosine: 0.512 });
    expect((parsed as { falseMatchRate: number }).falseMatchRate).toBe(data.falseMatchRate);
  });
});
