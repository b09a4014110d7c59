import { allowedFilters, filterIsWithin, type TopicName, topicTable } from '@watchpost/contracts/wire';
import type { ExportedUser } from './mosquitto.ts';

/** Whether the topic table lets messages on this filter be retained. */
function mayRetain(filter: string): boolean {
  const names = Object.keys(topicTable) as TopicName[];
  const wide = (name: TopicName) => topicTable[name].pattern.replaceAll(/\{\w+\}/g, '+');
  return names.some((name) => topicTable[name].retained && filterIsWithin(filter, wide(name)));
}

const text = (value: string): string => JSON.stringify(value);

/**
 * The topic rules as EMQX’s `acl.conf` (version 5), retained messages included. Everything else is denied.
 */
export function emqxAcl(users: readonly ExportedUser[]): string {
  const lines = users.flatMap(({ username, principal }) => {
    const publish = allowedFilters(principal, 'publish');
    const subscribe = allowedFilters(principal, 'subscribe');
    const who = `{user, ${text(username)}}`;
    const filters = (chosen: readonly string[]) => `[${chosen.map(text).join(', ')}]`;
    const plain = publish.filter((filter) => !mayRetain(filter));
    const retained = publish.filter(mayRetain);
    return [
      ...(plain.length > 0 ? [`{allow, ${who}, {publish, [{retain, false}]}, ${filters(plain)}}.`] : []),
      ...(retained.length > 0 ? [`{allow, ${who}, publish, ${filters(retained)}}.`] : []),
      ...(subscribe.length > 0 ? [`{allow, ${who}, subscribe, ${filters(subscribe)}}.`] : []),
    ];
  });
  return `%% Generated from Watchpost’s topic table\n${lines.join('\n')}\n{deny, all}.\n`;
}
