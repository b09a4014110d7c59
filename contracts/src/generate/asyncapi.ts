import { stringify } from 'yaml';
import { wireLimits } from '../wire/limits.ts';
import { type TopicName, topicTable } from '../wire/topics.ts';
import { jsonSchemas } from './json-schemas.ts';

const messagesOfTopic: Readonly<Record<TopicName, (names: readonly string[]) => readonly string[]>> = {
  up: (names) => names.filter((name) => name.startsWith('event.')),
  telemetry: () => ['telemetry'],
  state: () => ['state'],
  receipt: () => ['receipt'],
  cmd: () => ['command'],
  reply: () => ['command-reply'],
  site: () => ['signed-announcement'],
  permit: () => ['signed-announcement'],
  policy: () => ['signed-policy'],
  notice: () => ['notice'],
  alert: () => ['alert'],
};

const parametersOf = (address: string) =>
  Object.fromEntries(
    [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, { description: '[A-Za-z0-9_-]{1,64}' }]),
  );

/** The AsyncAPI 3.0 description of the wire, from the topic table and the message schemas. */
export function asyncApi(): string {
  const schemas = jsonSchemas();
  const names = Object.keys(schemas).filter((name) => name !== 'site' && name !== 'device');
  const topics = Object.entries(topicTable) as [TopicName, (typeof topicTable)[TopicName]][];
  const channels = Object.fromEntries(
    topics.map(([topic, row]) => [
      topic,
      {
        address: row.pattern,
        description: `${row.what}. Retained: ${row.retained ? 'yes' : 'no'}. QoS 1, at most ${wireLimits.payloadBytes} bytes.`,
        parameters: parametersOf(row.pattern),
        messages: Object.fromEntries(
          messagesOfTopic[topic](names).map((name) => [
            key(name),
            { $ref: `#/components/messages/${key(name)}` },
          ]),
        ),
        'x-may-publish': [...row.publish],
        'x-may-subscribe': [...row.subscribe],
      },
    ]),
  );
  const operations = Object.fromEntries(
    topics.map(([topic, row]) => [
      `on_${topic}`,
      {
        action: row.publish.some((kind) => kind === 'alerting') ? 'send' : 'receive',
        channel: { $ref: `#/channels/${topic}` },
      },
    ]),
  );
  return stringify(
    {
      asyncapi: '3.0.0',
      info: {
        title: 'Watchpost wire',
        version: '1.0.0',
        description: 'Seen from the alerting service. Generated from contracts/src; do not edit.',
      },
      defaultContentType: 'application/json',
      channels,
      operations,
      components: {
        messages: Object.fromEntries(
          names.map((name) => [key(name), { name, payload: { $ref: `./schemas/${name}.json` } }]),
        ),
      },
    },
    { aliasDuplicateObjects: false, lineWidth: 110 },
  );
}

/** AsyncAPI component keys allow no dots before a digit-free name in some tools: use underscores. */
const key = (name: string): string => name.replaceAll(/[.-]/g, '_');
