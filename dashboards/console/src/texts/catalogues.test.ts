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
import { zhArmingErrors } from './zh-arming-errors.ts';
import { zhCn } from './zh-cn.ts';
import { zhCommandErrors } from './zh-command-errors.ts';
import { zhDutyErrors } from './zh-duty-errors.ts';
import { zhEscalationErrors } from './zh-escalation-errors.ts';
import { zhIncidentErrors } from './zh-incident-errors.ts';
import { zhPhotoErrors } from './zh-photo-errors.ts';
import { zhPlateErrors } from './zh-plate-errors.ts';
import { zhReceiverErrors } from './zh-receiver-errors.ts';
import { zhResponseErrors } from './zh-response-errors.ts';
import { zhSilenceErrors } from './zh-silence-errors.ts';

const schemas = eventDataSchemas;
const elsewhere = {
  ...zhIncidentErrors,
  ...zhArmingErrors,
  ...zhCommandErrors,
  ...zhResponseErrors,
  ...zhDutyErrors,
  ...zhEscalationErrors,
  ...zhReceiverErrors,
  ...zhSilenceErrors,
  ...zhPhotoErrors,
  ...zhPlateErrors,
};
/** Every name of the contracts that a person can meet, as the key of its text. */
const named: Readonly<Record<string, readonly string[]>> = {
  event: alertEventTypes,
  severity: severities,
  state: alertStates,
  disposition: dispositions,
  dispositionHelp: dispositions,
  factor: riskFactorNames,
  // What only the command line meets is no text of a page, and what one page meets is loaded with it.
  error: Object.keys(errorRegistry).filter((code) => !(`error.${code}` in elsewhere)),
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

const source = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
);

/** The one catalogue that a file of texts exports. */
async function textsIn(file: string): Promise<Readonly<Record<string, string>>> {
  const exported = Object.values(await import(join(source, file)));
  expect(exported, file).toHaveLength(1);
  return exported[0] as Readonly<Record<string, string>>;
}

/** The texts of pages that are loaded later, in both languages. */
const pages = await Promise.all(
  files
    .filter((file) => file.endsWith('/texts-en.ts'))
    .map(async (file) => ({
      folder: file.replace('/texts-en.ts', ''),
      en: await textsIn(file),
      zhCn: await textsIn(file.replace('-en.ts', '-zh-cn.ts')),
    })),
);
const allEn: Readonly<Record<string, string>> = Object.assign({}, en, ...pages.map((page) => page.en));
const allZhCn: Readonly<Record<string, string>> = Object.assign({}, zhCn, ...pages.map((page) => page.zhCn));

const values = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

describe('catalogues', () => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(zhCn).sort()).toEqual(Object.keys(en).sort());
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages)
      expect(Object.keys(page.zhCn).sort(), page.folder).toEqual(Object.keys(page.en).sort());
  });

  it('of a page take no key that is taken', () => {
    const texts = [en, ...pages.map((page) => page.en)].flatMap((one) => Object.entries<string>(one));
    const first = new Map(texts.toReversed());
    // What two pages share says the same in both.
    expect(texts.filter(([key, text]) => first.get(key) !== text)).toEqual([]);
  });

  it.each(Object.entries(named))('have a text for each %s of the contracts', (group, names) => {
    expect(names.length).toBeGreaterThan(0);
    const keys = names.map((name) => `${group}.${name}`);
    expect(keys.filter((key) => !(key in en) || !(key in zhCn))).toEqual([]);
  });

  it('say something of their own in each language', () => {
    for (const [key, text] of Object.entries(allZhCn)) {
      expect(text.trim(), key).not.toBe('');
      // The product's name and a name with a sign are the same everywhere.
      if (!/^(?:app\.name|because\.list|list\.separator|lists\.stepTitle|row\.by|history\.said)$/.test(key))
        expect(text, key).toMatch(/[\u4e00-\u9fff]|^\/ 100$/);
    }
    for (const [key, text] of Object.entries(allEn)) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('fill in the same values in both languages', () => {
    for (const [key, text] of Object.entries(allEn)) {
      // "1 minute" may be written out in one language.
      expect(values(allZhCn[key] ?? ''), key).toEqual(values(text));
    }
  });

  it('hold no text of the console itself that nothing shows', () => {
    const sources = files
      .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|texts\/(?:en|zh)|\/texts-(?:en|zh)/.test(file))
      .map((file) => readFileSync(join(source, file), 'utf8'))
      .join();
    const madeFromData =
      /^(?:connection\.(?:connecting|live|lost)$|tabs\.|list\.|action\.|sound\.|changed\.|codes\.|lists\.(?:state|step|stepText)\.|lists\.\w+Hint$|passes\.(?:state|purpose)\.|plates\.state\.|audit\.action\.|manage\.(?:account|people|lists|thresholds|passes|plates|duty|receivers|escalation|audit|privacy|site)$|receivers\.(?:warnings|channel|language|tested|kind|outcome)\.|escalation\.concern\.|duty\.(?:cause|fault)\.|privacy\.(?:due|state|missing|text)\.|people\.(?:state|factor|permission|roleHelp)\.|devices\.chain\.|candidate\.(?:band|hidden|answer)\.|thresholds\.(?:band|finding|advice)\.|account\.passkeyHindrance\.)/;
    const ofSite =
      /^site\.(?:(?:part|driver|connect|inside|unit|policy|policySection|policyWhy)\.|(?:draw|drawn)(?:Area|Line|Point)$)|^incidents\.(?:is|moment|told|says)\.|^manage\.(?:setup|rules|history|incidents|tasks|departments|load|silences|arming)$|^arming\.(?:phase|mode|step)\.|^error\.arming\.|^silences\.(?:state|weekday|purpose)\.|^queue\.(?:why|done)\.|^quiet\.(?:silence|snooze|inhibition|flapping)$|^error\.(?:incident|silence\.|plate\.|alert\.(?:snooze_|not_snoozed))|^load\.(?:span\.|acknowledge$|resolve$)|^response\.(?:kind|concern|state|unitState|step|line|hindrance)\.|^response\.(?:csv|json)$|^error\.(?:duty|response|escalation|notify|cap|acknowledge|warning)\.|^theme\.(?:device|dark|light)$|^group\.|^error\.enrolment\.|^rules\.(?:alert|difference)\.|^rules\.(?:base|armed)Of$|^setup\.(?:why|cameraIs|tool|toolWhy|record)\.|^setup\.(?:account|address|site|camera|log_in|picture|draw|walk|faces)$/;
    const own = Object.keys(allEn).filter((key) => !(key in enTerms) && !(key in enErrors));
    const unused = own
      .map((key) => key.replace(/_(?:one|other)$/, ''))
      .filter((key) => !madeFromData.test(key) && !ofSite.test(key) && !sources.includes(`'${key}'`));
    expect(sources.length).toBeGreaterThan(10_000);
    expect(unused).toEqual([]);
  });

  it('have no text about the risk of a person', () => {
    const texts = [...Object.values(allEn), ...Object.values(allZhCn)];
    expect(
      texts.filter((text) => /risk of (?:the |a )?person|dangerous person|人员风险|危险人员/i.test(text)),
    ).toEqual([]);
  });
});
