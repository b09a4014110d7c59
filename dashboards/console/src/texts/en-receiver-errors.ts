/** Errors of receivers and of CAP: loaded with the page of receivers. */
export const enReceiverErrors = {
  'error.notify.code_wrong': 'This is not the code, or it is not good any more: have another one sent',
  'error.notify.too_many_receivers':
    'There are as many receivers as there may be. Erase those that nobody needs.',
  'error.cap.too_large': 'The CAP message is larger than the limit',
  'error.cap.malformed': 'Not a message of CAP 1.2, or one with a document type',
  'error.cap.invalid': 'A part of the CAP message is not as CAP 1.2 wants it: correct it at the named path',
  'error.acknowledge.link_invalid': 'This link is none of this server, or not good any more',
  'error.acknowledge.link_used': 'This link was used already',
  'error.acknowledge.link_expired': 'The time for which this link was good is over',
  'error.acknowledge.over': 'What this link was about is over',
  'error.acknowledge.log_in_needed': 'Who takes an incident of this severity must be logged in',
  'error.acknowledge.not_yours': 'Only the person whom the message was sent to may take this by its link',
} as const;
