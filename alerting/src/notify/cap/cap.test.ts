import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CapAddress, channelAddressSchema } from '@watchpost/contracts/api';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { afterAll, describe, expect, test } from 'vitest';
import { testNotice } from '../../testing/test-notice.ts';
import { testSecrets } from '../../testing/test-secrets.ts';
import { AddressRules } from '../http/address-rules.ts';
import { HttpSender } from '../http/http-sender.ts';
import { CapChannel } from './cap-channel.ts';
import { capOfNotice } from './cap-of-notice.ts';
import { readCapMessage } from './read-cap.ts';
import { writeCap } from './write-cap.ts';

const xsd = XmlDocument.fromBuffer(readFileSync(join(import.meta.dirname, 'fixtures/CAP-v1.2.xsd')));
const validator = XsdValidator.fromDoc(xsd);
afterAll(() => {
  validator.dispose();
  xsd.dispose();
});

/** Throws where the XSD of OASIS refuses it. */
function validate(xml: string): void {
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
  }
}

const address: CapAddress = {
  ...({ kind: 'cap', url: 'https://warn.example', key: 'key', category: 'Fire' } as const),
  sender: 'alarm@watch.example',
  area: {
    description: '北区 & <东> yard',
    polygon: '31.2,121.4 31.2,121.5 31.3,121.5 31.2,121.4',
    circle: { latitude: 31.25, longitude: 121.45, radiusM: 350 },
  },
};
const earlier = { id: '0190a1b2-0000-7000-8000-000000000001', at: '2026-11-01T08:00:00.000Z' };
const read = (xml: string) => readCapMessage(Buffer.from(xml)).message;

describe('out', () => {
  test.each(['opened', 'updated', 'reminder', 'cleared', 'system', 'test'] as const)(
    '%s is valid by the XSD of OASIS, in both languages, and reads as it was written',
    (kind) => {
      for (const language of ['en', 'zh-CN'] as const) {
        const notice = testNotice({ kind, language, title: 'Smoke < & > "烟"', body: 'a\u0000b\u{1F525}' });
        for (const follows of [undefined, [earlier]]) {
          const message = capOfNotice({ ...notice, ...(follows ? { follows } : {}) }, address);
          const xml = writeCap(message);
          validate(xml);
          const [info] = message.info;
          const description = 'a b\u{1F525}';
          expect(read(xml)).toEqual({ ...message, info: [{ ...info, description }] });
        }
      }
    },
  );

  test('what was told before is referred to, the radius is in kilometres, UTC is -00:00', () => {
    const notice = testNotice({ kind: 'cleared', follows: [earlier] });
    const message = capOfNotice(notice, address);
    expect(message).toMatchObject({
      ...{ identifier: notice.id, msgType: 'Cancel', sent: '2026-11-01T08:15:30-00:00', status: 'Actual' },
      references: `alarm@watch.example,${earlier.id},2026-11-01T08:00:00-00:00`,
      info: [{ urgency: 'Past', responseType: ['AllClear'], area: [{ circle: ['31.25,121.45 0.35'] }] }],
    });
    expect(capOfNotice(testNotice({ kind: 'updated' }), address).msgType).toBe('Alert');
  });

  test('whatever somebody called a sensor, the message stays valid and says it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (title) => {
        const xml = writeCap(capOfNotice({ ...testNotice(), title }, address));
        validate(xml);
        expect(read(xml).info[0]?.event).toBeDefined();
      }),
      { numRuns: 50, examples: [['\u0000'], [' '], ['\uFFFE\u0301']] },
    );
  });
});

const whole = writeCap(capOfNotice(testNotice(), address));

test('an area that is none is refused where it is entered; if it came past that, the try is refused and does not fail', async () => {
  const http = new HttpSender({ rules: new AddressRules() });
  const area = { description: 'yard', polygon: '0,0 1,1 1,0 0,1 0,0' };
  expect(channelAddressSchema.safeParse({ ...address, area }).error?.issues[0]?.path).toEqual([
    'area',
    'polygon',
  ]);
  expect(channelAddressSchema.safeParse(address).success).toBe(true);
  const channel = new CapChannel(http, testSecrets({ key: 'key' }));
  expect(await channel.send(testNotice(), { ...address, area }, new AbortController().signal)).toEqual({
    ...{ outcome: 'refused', code: 'notify.refused' },
  });
});

describe('in', () => {
  test('a foreign prefix, a foreign signature and parts that we do not know are no matter', () => {
    const prefixed = `<?xml version="1.0"?><c:alert xmlns:c="urn:oasis:names:tc:emergency:cap:1.2">
      <c:identifier>43b080713727</c:identifier><c:sender>hsas@dhs.example</c:sender>
      <c:sent>2003-04-02T14:39:01-05:00</c:sent><c:status>Actual</c:status><c:msgType>Alert</c:msgType>
      <c:scope>Public</c:scope><c:code>IPAWSv1.0</c:code>
      <c:info><c:category>Security</c:category><c:category>Fire</c:category>
        <c:event>Homeland &amp; Security &#x6F;&#107;</c:event><c:urgency>Immediate</c:urgency>
        <c:severity>Severe</c:severity><c:certainty>Likely</c:certainty>
        <c:parameter><c:valueName>LEVEL</c:valueName><c:value>ORANGE</c:value></c:parameter>
        <c:area><c:areaDesc>everywhere</c:areaDesc><c:circle>32.9525,-115.5527 0</c:circle></c:area></c:info>
      <Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></c:alert>`;
    validate(prefixed);
    const message = read(prefixed);
    expect(message).toMatchObject({ sender: 'hsas@dhs.example', info: [{ category: ['Security', 'Fire'] }] });
    expect(message.info[0]?.event).toBe('Homeland & Security ok');
    expect(readCapMessage(Buffer.from(prefixed)).signed).toBe(true);
    expect(readCapMessage(Buffer.from(whole)).signed).toBe(false);
  });

  test.each([
    ['a document type', '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>'],
    ['a document type that it does not use', whole.replace('<alert', '<!DOCTYPE alert><alert')],
    ['an entity of its own', whole.replace('North', '&x;').replace('Smoke', '&x;')],
    ['half a surrogate pair by number', whole.replace('Smoke', '&#xD800;')],
    ['CAP 1.1', whole.replace('cap:1.2', 'cap:1.1')],
    ['another root', '<feed xmlns="urn:oasis:names:tc:emergency:cap:1.2"></feed>'],
    ['no end', whole.slice(0, -10)],
    [
      'depth',
      `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</alert>`,
    ],
    ['nothing', ''],
    ['JSON', '{}'],
  ])('%s is no message', (_, xml) => {
    expect(() => read(xml)).toThrow(expect.objectContaining({ code: 'cap.malformed' }));
  });

  test('one that is too large, or not UTF-8, is not looked at', () => {
    expect(() => readCapMessage(Buffer.alloc(300_000, ' '))).toThrow(
      expect.objectContaining({ code: 'cap.too_large' }),
    );
    expect(() => readCapMessage(Buffer.from(whole, 'utf16le'))).toThrow(
      expect.objectContaining({ code: 'cap.malformed' }),
    );
  });

  const polygon = '31.2,121.4 31.2,121.5 31.3,121.5 31.2,121.4';
  test.each([
    ['a time in Z', '2026-11-01T08:15:30-00:00', '2026-11-01T08:15:30Z', '/alert/sent'],
    ['a day that is none', '2026-11-01T08', '2026-13-41T08', '/alert/sent'],
    ['a sender with a comma', 'alarm@watch.example', 'alarm,watch', '/alert/sender'],
    ['an open polygon', polygon, '31.2,121.4 31.2,121.5 31.3,121.5 31.3,121.4', 'polygon/0'],
    ['a polygon of three pairs', polygon, '31.2,121.4 31.2,121.5 31.2,121.4', 'polygon/0'],
    ['a polygon as lon,lat', polygon, '121.4,31.2 121.5,31.2 121.5,31.3 121.4,31.2', 'polygon/0'],
    ['a crossing polygon', polygon, '0,0 1,1 1,0 0,1 0,0', 'polygon/0'],
    ['a polygon that runs back over itself', polygon, '0,0 0,2 0,1 1,1 0,0', 'polygon/0'],
    ['a polygon with a corner on another side', polygon, '0,0 0,4 2,4 0,2 2,0 0,0', 'polygon/0'],
    ['metres for kilometres', '31.25,121.45 0.35', '31.25,121.45 350', 'circle/0'],
    ['a severity that CAP does not have', 'Extreme', 'Critical', '/alert/info/0/severity'],
    ['no certainty', '<certainty>Observed</certainty>', '', '/alert/info/0/certainty'],
  ])('%s is refused with its path', (_, from, to, path) => {
    expect(whole).toContain(from);
    expect(() => read(whole.replace(from, to))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^cap\./), path: expect.stringContaining(path) }),
    );
  });

  test.each([
    'alarm@watch.example,1,2026-11-01T08:00:00-00:00 alarm@watch.example,2,2026-11-01T08:01:00+08:00',
  ])('references are sender,identifier,sent', (references) => {
    const message = { ...capOfNotice(testNotice(), address), references };
    expect(read(writeCap(message)).references).toBe(references);
    for (const wrong of ['1', 'a,b', 'a,b,c', 'a,1,2026-11-01T08:00:00Z', `${references},more`])
      expect(() => writeCap({ ...message, references: wrong }), wrong).toThrow();
  });

  test('a polygon that somebody drew well is taken', () => {
    for (const drawn of [
      '0,0 0,4 4,4 4,0 0,0',
      '0,0 0,4 2,1 4,4 4,0 0,0',
      '-1.5,-170 -1.5,-160 1,-165 -1.5,-170',
    ])
      expect(read(whole.replace(polygon, drawn)).info[0]?.area[0]?.polygon).toEqual([drawn]);
  });
});
