import { type ErrorEntry, entry } from './error-entry.ts';

/** Of notices on their way to a receiver. */
export const notifyErrors = {
  'notify.unreachable': entry(
    502,
    'The receiver could not be reached.',
    'Check that its address is right, that its name resolves, and that the network lets the server out.',
  ),
  'notify.timeout': entry(
    504,
    'The receiver did not answer in time.',
    'Check whether the receiver is overloaded; the notice is sent again by itself.',
  ),
  'notify.interrupted': entry(
    503,
    'Sending was interrupted because the service ends.',
    'Nothing to do: the notice is sent again after the start.',
  ),
  'notify.throttled': entry(
    429,
    'The receiver takes no more notices for now.',
    'Wait: it is tried again when the receiver allows it. Let the receiver take more, or send it less.',
  ),
  'notify.receiver_failed': entry(
    502,
    'The receiver took the notice and failed.',
    'Look into the log of the receiver; the notice is sent again by itself.',
  ),
  'notify.answer_unreadable': entry(
    502,
    'The answer of the receiver is too long or not of the form that its maker documents.',
    'Check that the address leads to the service that the channel is for.',
  ),
  'notify.refused': entry(
    422,
    'The receiver refused the notice.',
    'Check the address and the settings of the receiver, then send a test.',
  ),
  'notify.credentials': entry(
    422,
    'The receiver refused the key, the password or the signature.',
    'Put the right secret into the folder of secrets, and check the clock of the server.',
  ),
  'notify.redirected': entry(
    422,
    'The receiver sent the notice on to another address, which is never followed.',
    'Enter the final address.',
  ),
  'notify.address_refused': entry(
    422,
    'The address is none, leads to this computer or into a private network, or has no TLS.',
    'Enter a public https address, or allow the network in server.yaml: `policy.notify.allowNetworks`.',
  ),
  'notify.certificate': entry(
    422,
    'The certificate of the receiver could not be verified.',
    'Let the receiver show a certificate that is valid for its name and that this computer trusts.',
  ),
  'notify.secret': entry(
    422,
    'A secret that the channel needs is missing, unreadable or readable for others.',
    'Write it into a file of that name in the folder of secrets, with mode 0600.',
  ),
  'notify.behind': entry(
    503,
    'A notice waits for more than five minutes: somebody is not told of an alert.',
    'Look at the receivers that fail, and at the network and the mail server; it is tried again by itself.',
  ),
  'notify.too_many_receivers': entry(
    409,
    'The site has as many receivers as it may have.',
    'Erase those that nobody needs.',
  ),
  'notify.channel_unknown': entry(
    422,
    'This server has no such channel, or it is not set up.',
    'Choose another channel, or set it up in server.yaml.',
  ),
  'notify.code_wrong': entry(
    422,
    'This is not the code that was sent, or it is not good any more.',
    'Look for the newest code, or have another one sent: each is good for ten minutes and five tries.',
  ),
  'cap.too_large': entry(413, 'The CAP message is larger than the limit.', 'Send a shorter message.'),
  'cap.malformed': entry(
    400,
    'The body is not a message of CAP 1.2, or has a document type.',
    'Send one `alert` of `urn:oasis:names:tc:emergency:cap:1.2` in UTF-8, without DOCTYPE and entities.',
  ),
  'cap.polygon': entry(
    422,
    'An area of the CAP message is no polygon.',
    'At the named path: four pairs `lat,lon` or more, the last one the first, with no side across another.',
  ),
  'cap.circle': entry(
    422,
    'An area of the CAP message is no circle, or its radius looks like metres.',
    'At the named path: `lat,lon radius`, the radius in kilometres, 250 at most.',
  ),
  'cap.time': entry(
    422,
    'A time of the CAP message is none, or has no offset.',
    'At the named path: `2026-11-01T08:15:30-00:00`, with an offset; UTC is `-00:00`, never `Z`.',
  ),
  'cap.references': entry(
    422,
    'The CAP message does not say to what it refers.',
    'In `references`: `sender,identifier,sent` of each earlier message, a blank between two.',
  ),
  'cap.invalid': entry(
    422,
    'A part of the CAP message is not as CAP 1.2 wants it.',
    'Correct the part at the named path.',
  ),
  'warning.same_identifier': entry(
    409,
    'The sender has sent another message with this identifier.',
    'Give each message an identifier of its own.',
  ),
  'warning.too_many_senders': entry(
    409,
    'The site knows as many senders of warnings as it may.',
    'Let one program bring the warnings of several sources under one sender.',
  ),
} as const satisfies Record<string, ErrorEntry>;
