import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  alertConditions,
  alertEventTypes,
  alertStates,
  dispositions,
  riskFactorNames,
  severities,
} from '@watchpost/contracts/alert';
import { roles } from '@watchpost/contracts/api';
import { errorRegistry } from '@watchpost/contracts/errors';
import { deviceKinds } from '@watchpost/contracts/site';
import { enTerms } from '@watchpost/contracts/texts/en-terms';
import { eventDataSchemas, passRejectionReasons, sensorKinds } from '@watchpost/contracts/wire';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { enErrors } from './en-errors.ts';
import { zhCn } from './zh-cn.ts';

const schemas = eventDataSchemas;
/** Every name of the contracts that a person can meet, as the key of its text. */
const named: Readonly<Record<string, readonly string[]>> = {
  event: alertEventTypes,
  severity: severities,
  state: alertStates,
  disposition: dispositions,
  dispositionHelp: dispositions,
  factor: riskFactorNames,
  error: Object.keys(errorRegistry),
  sensor: sensorKinds,
  alarm: sensorKinds,
  pass: passRejectionReasons,
  role: roles,
  device: deviceKinds,
  condition: alertConditions,
  candidate: schemas['watchpost.face.candidate.v1'].shape.list.options,
  list: schemas['watchpost.face.candidate.v1'].shape.list.options,
  abstain: schemas['watchpost.face.abstain.v1'].shape.reason.options,
  anomaly: schemas['watchpost.sensor.anomaly.v1'].shape.reason.options,
  report: schemas['watchpost.report.received.v1'].shape.category.options,
};

const values = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

describe('catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(zhCn).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.entries(named))('have a text for each %s of the contracts', (group, names) => {
    expect(names.length).toBeGreaterThan(0);
    const keys = names.map((name) => `${group}.${name}`);
    expect(keys.filter((key) => !(key in en) || !(key in zhCn))).toEqual([]);
  });

  it('say something of their own in each language', () => {
    for (const [key, text] of Object.entries<string>(zhCn)) {
      expect(text.trim(), key).not.toBe('');
      // The product's name and a name with a sign are the same everywhere.
      if (!/^(?:app\.name|because\.list|list\.separator|row\.by|history\.said)$/.test(key))
        expect(text, key).toMatch(/[\u4e00-\u9fff]|^\/ 100$/);
    }
    for (const [key, text] of Object.entries<string>(en)) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('fill in the same values in both languages', () => {
    for (const [key, text] of Object.entries<string>(en)) {
      const other = zhCn[key as keyof typeof en];
      // "1 minute" may be written out in one language.
      expect(values(other), key).toEqual(values(text));
    }
  });

  it('hold no text of the console itself that nothing shows', () => {
    const folder = fileURLToPath(new URL('..', import.meta.url));
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|texts\/(?:en|zh)/.test(file.replaceAll('\\', '/')))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join();
    const madeFromData =
      /^(?:connection\.(?:connecting|live|lost)$|tabs\.|list\.|action\.|sound\.|changed\.|codes\.)/;
    const own = Object.keys(en).filter((key) => !(key in enTerms) && !(key in enErrors));
    const unused = own
      .map((key) => key.replace(/_(?:one|other)$/, ''))
      .filter((key) => !madeFromData.test(key) && !sources.includes(`'${key}'`));
    expect(sources.length).toBeGreaterThan(10_000);
    expect(unused).toEqual([]);
  });

  it('have no text about the risk of a person', () => {
    const texts = [...Object.values<string>(en), ...Object.values<string>(zhCn)];
    expect(
      texts.filter((text) => /risk of (?:the |a )?person|dangerous person|人员风险|危险人员/i.test(text)),
    ).toEqual([]);
  });
});
