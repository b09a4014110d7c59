import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the identities of gateways and clients. */
export const identityErrors = {
  'identity.expired': entry(
    401,
    'The token or certificate of an open connection expired.',
    'Connect again with a new one.',
  ),
  'identity.revoked': entry(403, 'The token, certificate or gateway was revoked.', 'Ask the operator.'),
  'identity.revocations_damaged': entry(
    500,
    'The revocation file cannot be read; the last good list stays in force.',
    'Write the file again with `watchpost gateway revoke`.',
  ),
  'identity.claim_refused': entry(
    403,
    'The claim code is wrong, used up, expired or not of this gateway.',
    'Ask the operator for a new code.',
  ),
  'identity.claim_code': entry(400, 'This is not a claim code.', 'Copy the whole code as it was shown.'),
  'identity.request_refused': entry(
    422,
    'The certificate request cannot be accepted: another name, another kind of key, or not signed by its key.',
    'Make the request with `watchpost gateway claim`.',
  ),
  'identity.renewal_refused': entry(
    403,
    'The certificate cannot be renewed: not of this site’s authority, expired or revoked.',
    'Claim the gateway again with a new code.',
  ),
  'identity.certificate_refused': entry(
    403,
    'There is no gateway’s certificate on the connection that is good here: none, expired, revoked, or another site’s.',
    'Claim the gateway again with a new code.',
  ),
  'identity.unknown_gateway': entry(
    404,
    'The site says nothing of this gateway.',
    'Add it under `gateways` in the site file.',
  ),
  'identity.gallery_refused': entry(
    403,
    'The gateway has no camera that may look for faces, so it gets no gallery and no keys.',
    'Write a privacy record for the camera into the site file if it is to look for faces.',
  ),
  'identity.gallery_absent': entry(
    404,
    'The gallery is not, or no longer, the one of the site’s permit.',
    'Nothing need be done: the gateway follows the newest permit. If it lasts, compile the lists again.',
  ),
  'identity.permit_content': entry(
    500,
    'What the lists say for gateways (`permits/SITE.json`) cannot be read; the last good content stays in force.',
    'Restart the server: alerting writes the file anew. Check the disk of the data folder if it lasts.',
  ),
  'identity.gallery_record': entry(
    500,
    'The record of who has faces and who has erased them (`receipts/SITE.json`) is damaged or cannot be written.',
    'Restore it from a backup and restart the server. Until then no gallery leaves it and no erasure counts as done.',
  ),
  'identity.rekey_due': entry(
    409,
    'A gateway was revoked that has keys of the gallery which are still in use.',
    'Re-key the faces of the site with `watchpost lists rekey`: the other gateways fetch the new gallery and its keys by themselves.',
  ),
  'identity.pass_count_away': entry(
    503,
    'Nobody counts uses of passes at present.',
    'The gateway goes on by itself and tells later what it let in. If it lasts, see whether the server runs.',
  ),
  'identity.too_many_requests': entry(
    429,
    'Too many claims or renewals from this address or for this gateway.',
    'Wait and try again.',
  ),
  'identity.authority_mismatch': entry(
    403,
    'The service’s authority is not the one that the claim code names.',
    'Check the address; somebody may stand between the gateway and the service.',
  ),
  'identity.service_unreachable': entry(
    503,
    'The claim service does not answer as it should.',
    'Check the address, the network and the service.',
  ),
} as const satisfies Record<string, ErrorEntry>;
