import { WatchpostError } from '@watchpost/contracts/errors';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { capPolicy } from '../policy.ts';
import { type CapMessage, capMessageSchema, capNamespace } from './cap-message.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: capPolicy.depthAtMost,
});

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities that XML itself has, and characters by number. @throws for others: there is no DTD */
const decoded = (text: string): string =>
  text.replace(/&([^;]{0,12});?/g, (_, what: string) => {
    const name = named[what];
    if (name !== undefined) return name;
    const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(what) ?? [];
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(point > 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff))
      throw new Error('an unknown entity');
    return String.fromCodePoint(point);
  });

/** Elements of CAP’s namespace by their names, without the prefix that the sender chose. */
function plain(value: unknown, prefix: string): unknown {
  if (typeof value === 'string') return decoded(value);
  if (Array.isArray(value)) return value.map((inner) => plain(inner, prefix));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('@') && name.startsWith(prefix))
      .map(([name, inner]) => [name.slice(prefix.length), plain(inner, prefix)]),
  );
}

function alertOf(xml: string): { readonly alert: unknown; readonly signed: boolean } {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw new Error('a document type');
  if (XMLValidator.validate(xml) !== true) throw new Error('no well-formed XML');
  const document = parser.parse(xml) as Record<string, unknown>;
  const root = Object.keys(document).find((name) => !name.startsWith('?')) ?? '';
  const [, prefix = '', local] = /^(.*:)?([^:]*)$/.exec(root) ?? [];
  const alert = document[root];
  const namespace = prefix === '' ? '@xmlns' : `@xmlns:${prefix.slice(0, -1)}`;
  const isCap = typeof alert === 'object' && alert !== null && Reflect.get(alert, namespace) === capNamespace;
  if (local !== 'alert' || !isCap) throw new Error('no alert of CAP 1.2');
  const signed = Object.keys(alert).some((name) => /^(.*:)?Signature$/.test(name));
  return { alert: plain(alert, prefix), signed };
}

/** The codes of what is wrong with a part, by its name. */
const codes: Readonly<Record<string, 'cap.polygon' | 'cap.circle' | 'cap.time' | 'cap.references'>> = {
  ...{ polygon: 'cap.polygon', circle: 'cap.circle', references: 'cap.references' },
  ...{ sent: 'cap.time', effective: 'cap.time', onset: 'cap.time', expires: 'cap.time' },
};

/**
 * Reads a message of somebody else. Nothing outside of it is ever looked at: no document type, no entities,
 * no address. The signature, if it has one, is not checked.
 * @throws WatchpostError `cap.too_large`, `cap.malformed`, and `cap.*` with the path
 */
export function readCapMessage(bytes: Uint8Array): {
  readonly message: CapMessage;
  readonly signed: boolean;
} {
  if (bytes.byteLength > capPolicy.messageBytes)
    throw new WatchpostError('cap.too_large', { details: { expected: `${capPolicy.messageBytes} bytes` } });
  let alert: unknown;
  let signed: boolean;
  try {
    ({ alert, signed } = alertOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new WatchpostError('cap.malformed', { cause });
  }
  const read = capMessageSchema.safeParse(alert);
  if (read.success) return { message: read.data, signed };
  const [issue] = read.error.issues;
  const names = issue?.path.filter((part) => typeof part === 'string') ?? [];
  throw new WatchpostError(codes[names.at(-1) ?? ''] ?? 'cap.invalid', {
    path: `/alert/${issue?.path.join('/') ?? ''}`,
    details: { expected: issue?.message ?? '' },
  });
}
