/** What the page of privacy records says, in English. */
export const privacyEn = {
  'privacy.intro':
    'Why cameras look for faces, who approved it, and what has to be looked at again. When something is done, an administrator enters the new date in the site file.',
  'privacy.none': 'No camera looks for faces here: the site file has no privacy record.',
  'privacy.approved': 'Assessment',
  'privacy.approvedBy': '{{reference}}, approved by {{by}} on {{day}}',
  'privacy.sign': 'Notice sign',
  'privacy.seen': '{{place}}, seen there on {{day}}',
  'privacy.cameras': 'Cameras',
  'privacy.facesOff': '{{camera}} (switched off)',
  'privacy.due': 'To do',
  'privacy.due.assessment': 'Review the assessment by {{day}}',
  'privacy.due.sign': 'Check the notice sign by {{day}}',
  'privacy.state.overdue': 'Overdue',
  'privacy.state.soon': 'Due soon',
  'privacy.state.later': 'Not yet due',
  'privacy.without': 'Cameras without a record',
  'privacy.withoutWhy': 'They look for no faces.',
} as const;
