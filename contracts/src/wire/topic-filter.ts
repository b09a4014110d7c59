import { filterIsWithin } from './topic-rules.ts';

/** A topic to publish to: at least one character, no wildcard (MQTT 3.1.1 §4.7.1, §4.7.3). */
export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !topic.includes('+') && !topic.includes('#');
}

/** `#` only as the whole last level, `+` only as a whole level ([MQTT-4.7.1-2], [MQTT-4.7.1-3]). */
export function isTopicFilter(filter: string): boolean {
  if (filter.length === 0) return false;
  if (isTopicName(filter)) return true;
  const levels = filter.split('/');
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || isTopicName(level) || level === '';
  });
}

/**
 * Whether the topic belongs to `$…`, which filters that begin with a wildcard do not reach ([MQTT-4.7.2-1]).
 */
export const isDollarTopic = (topic: string): boolean => topic.startsWith('$');

/** Whether the filter begins with a wildcard. */
export const beginsWithWildcard = (filter: string): boolean =>
  filter.startsWith('+') || filter.startsWith('#');

/** Whether a message on this topic goes to this filter (MQTT 3.1.1 §4.7). */
export function filterMatches(filter: string, topic: string): boolean {
  if (isDollarTopic(topic) && beginsWithWildcard(filter)) return false;
  return filter === topic || filterIsWithin(topic, filter);
}

/** Levels of a topic or filter. */
export const topicLevels = (topic: string): number => topic.split('/').length;
