import type { ErrorCode } from '@watchpost/contracts/errors';
import { zhArmingErrors } from './zh-arming-errors.ts';
import { zhCommandErrors } from './zh-command-errors.ts';
import { zhDutyErrors } from './zh-duty-errors.ts';
import { zhErrors } from './zh-errors.ts';
import { zhEscalationErrors } from './zh-escalation-errors.ts';
import { zhIncidentErrors } from './zh-incident-errors.ts';
import { zhPhotoErrors } from './zh-photo-errors.ts';
import { zhPlateErrors } from './zh-plate-errors.ts';
import { zhReceiverErrors } from './zh-receiver-errors.ts';
import { zhResponseErrors } from './zh-response-errors.ts';
import { zhSilenceErrors } from './zh-silence-errors.ts';

const texts = {
  ...zhErrors,
  ...zhArmingErrors,
  ...zhEscalationErrors,
  ...zhIncidentErrors,
  ...zhPhotoErrors,
  ...zhPlateErrors,
  ...zhReceiverErrors,
  ...zhCommandErrors,
  ...zhResponseErrors,
  ...zhSilenceErrors,
  ...zhDutyErrors,
};

/** What an error code means, in Simplified Chinese; the English text is the registry’s own. */
export function zhErrorText(code: ErrorCode): string {
  return texts[`error.${code}`];
}
