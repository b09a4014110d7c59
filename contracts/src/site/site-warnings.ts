import type { CrossIssue } from './cross-issue.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What in a site file works and yet does not do what somebody may believe of it. Nothing is switched off for
 * it. Looks at a file as it was written, like `crossReferences`.
 */
export function siteWarnings(file: unknown): CrossIssue[] {
  const { devices, privacy } = fieldsOf(file);
  const covered = new Set(listOf(privacy).flatMap((record) => listOf(fieldsOf(record).cameras)));
  return listOf(devices).flatMap((entry, index) => {
    const { id, kind, faces, lines, areas } = fieldsOf(entry);
    if (kind !== 'camera' || (covered.has(id) && faces !== false)) return [];
    // Lines and areas go by faces; a night without a crossing would look like a quiet one.
    return Object.entries({ lines, areas }).flatMap(([name, drawn]): CrossIssue[] =>
      listOf(drawn).length > 0 ? [{ code: 'site.nobody_followed', path: ['devices', index, name] }] : [],
    );
  });
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
