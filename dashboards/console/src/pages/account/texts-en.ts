/** What the page of one's own account says, in English. */
export const accountEn = {
  'account.who': 'You are {{user}}',
  'account.rights': 'What you may do',
  'account.site': 'Site',
  'account.role': 'Role',
  'account.language': 'Language of this browser',
} as const;
