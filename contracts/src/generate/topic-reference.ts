import { topicTable } from '../wire/topics.ts';

/** `docs/reference/topics.md`: the topic table with who may publish and subscribe. */
export function topicReference(): string {
  const rows = Object.values(topicTable).map(
    (row) =>
      `| \`${row.pattern}\` | ${row.what} | ${row.retained ? 'yes' : 'no'} | ${row.publish.join(', ')} | ${row.subscribe.join(', ')} |`,
  );
  return [
    '# Topics',
    '',
    'Generated from `contracts/src/wire/topics.ts`; do not edit. A gateway may use a topic only under its own `{site}/{gateway}`;',
    '`officer` is the app of a duty officer; `demo` exists only in the demo, on loopback. The scope of a token narrows these',
    'rules and never widens them.',
    '',
    '| topic | carries | retained | published by | subscribed by |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
