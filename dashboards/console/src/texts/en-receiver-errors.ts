/** Errors of receivers and of CAP: loaded with the page of receivers. */
export const enReceiverErrors = {
  'error.notify.code_wrong': 'This is not the code, or it is not good any more: have another one sent',
  'error.notify.too_many_receivers':
    'There are as many receivers as there may be. Erase those that nobody needs.',
  'error.cap.too_large': 'The CAP message is larger than the limit',
  'error.cap.malformed': 'Not a message of CAP 1.2, or one with a document type',
  'error.cap.invalid': 'A part of the CAP message is not as CAP 1.2 wants it: correct it at the named path',
  'error.cap.polygon':
    'An area of the CAP message is no closed polygon of four pairs or more, or crosses itself',
  'error.cap.circle': 'An area of the CAP message is no circle with a radius in kilometres',
  'error.cap.time': 'A time of the CAP message has no offset',
  'error.cap.references': 'The CAP message does not say to what it refers',
  'error.warning.same_identifier': 'The sender has sent another message with this identifier',
  'error.warning.too_many_senders': 'The site knows as many senders of warnings as it may',
} as const;
