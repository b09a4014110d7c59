import type { AuditEntry } from '@watchpost/contracts/api';

/** What an entry is about, for people: a name where the log has one, else its kind and id. */
export type About =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'entry' | 'other'; readonly id: string };

/** Names of people on lists are in no entry of the log, so such an entry shows its id. */
export function aboutOf({ actor, subject, details }: AuditEntry): About {
  if (!subject) return { kind: 'nothing' };
  if (subject.kind === 'account') {
    if (typeof actor === 'object' && actor.account === subject.id) return { kind: 'nothing' };
    if (typeof details.name === 'string') return { kind: 'named', name: details.name };
  }
  if (subject.kind === 'entry') return { kind: 'entry', id: subject.id };
  return { kind: 'other', id: subject.id };
}
