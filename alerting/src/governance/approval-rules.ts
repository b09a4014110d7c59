import type { ListGap, ListKind, ListState, ListStep } from '@watchpost/contracts/api';
import type { ErrorCode } from '@watchpost/contracts/errors';

/** Who signed an entry: an account by its id, because names are used again. */
export interface Signature {
  readonly account: string;
  readonly at: string;
}

/** What the rules look at. */
export interface JudgedEntry {
  readonly list: ListKind;
  readonly state: ListState;
  readonly photos: number;
  /** Who proposed it, or changed it last. */
  readonly author: string;
  readonly signatures: readonly Signature[];
}

/**
 * Which states a step may start from, and where it leads to; `null`: it stays, unless it was the last one
 * missing.
 */
export const listTransitions: Readonly<
  Record<ListStep, { readonly from: readonly ListState[]; readonly to: ListState | null }>
> = {
  edit: { from: ['draft', 'proposed', 'active'], to: 'draft' },
  propose: { from: ['draft'], to: 'proposed' },
  approve: { from: ['proposed'], to: null },
  refuse: { from: ['proposed'], to: 'draft' },
  withdraw: { from: ['draft', 'proposed', 'active'], to: 'withdrawn' },
  review: { from: ['active'], to: null },
  erase: { from: ['withdrawn', 'expired'], to: 'erased' },
};

/**
 * Whether an entry has the people that it needs: enough different ones, and one at least who is not its
 * author.
 */
export function isSigned(
  { list, author, signatures }: Pick<JudgedEntry, 'list' | 'author' | 'signatures'>,
  needed: Readonly<Record<ListKind, number>>,
): boolean {
  const people = new Set(signatures.map(({ account }) => account));
  return people.size >= needed[list] && [...people].some((account) => account !== author);
}

/** What is missing before an entry is active; nothing for one that was. */
export function gapsOf(entry: JudgedEntry, needed: Readonly<Record<ListKind, number>>): ListGap[] {
  if (entry.state !== 'draft' && entry.state !== 'proposed') return [];
  return [
    ...(entry.photos === 0 ? (['photo'] as const) : []),
    ...(entry.state === 'draft' ? (['proposal'] as const) : []),
    ...(isSigned(entry, needed) ? [] : (['approval'] as const)),
  ];
}

/**
 * Why somebody may not sign an entry, if so.
 * @param related whether one account was invited or reset by the other
 */
export function refusalOfApproval(
  { author, signatures }: Pick<JudgedEntry, 'author' | 'signatures'>,
  account: string,
  related: (madeBy: string) => boolean,
): ErrorCode | undefined {
  if (account === author) return 'list.own_entry';
  if (signatures.some((one) => one.account === account)) return 'list.approved_already';
  const signed = [author, ...signatures.map((one) => one.account)];
  return signed.some(related) ? 'list.related_account' : undefined;
}
