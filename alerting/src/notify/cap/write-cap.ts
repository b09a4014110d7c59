import { XMLBuilder } from 'fast-xml-parser';
import { type CapMessage, capMessageSchema, capNamespace } from './cap-message.ts';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', processEntities: true });

/** What XML 1.0 §2.2 cannot carry, escaped or not. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const withoutUnwritable = (value: unknown): unknown => {
  if (typeof value === 'string') return value.replace(unwritable, ' ');
  if (Array.isArray(value)) return value.map(withoutUnwritable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, withoutUnwritable(inner)]),
  );
};

/**
 * A message as XML, its elements in the order that the XSD wants: that of the schema, whatever order they
 * came in. Throws for what is no message; a caller that made it from checked parts does not.
 */
export function writeCap(message: CapMessage): string {
  const alert = withoutUnwritable(capMessageSchema.parse(message)) as object;
  const xml = builder.build({ alert: { '@xmlns': capNamespace, ...alert } });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}
