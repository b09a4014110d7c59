import { type ErrorEntry, entry } from './error-entry.ts';

/** Of messages between gateway, broker and alerting. */
export const wireErrors = {
  'wire.too_large': entry(413, 'The message is larger than the limit.', 'Send smaller batches.'),
  'wire.not_json': entry(400, 'The message is not valid UTF-8 JSON.', 'Send one JSON document per message.'),
  'wire.schema': entry(
    400,
    'A field of the message does not match its schema.',
    'Correct the field at the named path.',
  ),
  'wire.unknown_type': entry(
    400,
    'The event type is not known to this version.',
    'Use a type of the reference, or update the receiver.',
  ),
  'wire.reserved_type': entry(
    403,
    'The event is of a type that only alerting itself may make.',
    'Send what the device saw; losses are found by alerting.',
  ),
  'wire.topic': entry(
    400,
    'The topic is not one of the topic table.',
    'Publish to a topic of the reference.',
  ),
  'wire.source_mismatch': entry(
    403,
    'The event names another site or gateway than the topic it came on.',
    'Publish under the gateway’s own topic.',
  ),
  'wire.time_implausible': entry(
    422,
    'The capture time cannot be right: too far in the past or in the future.',
    'Set the clock of the gateway.',
  ),
  'wire.duplicate_identity': entry(
    409,
    'Two gateways use the same identity.',
    'Give each gateway its own identity; stop the copy.',
  ),
  'wire.unknown_device': entry(
    422,
    'The event comes from a device that the site does not list.',
    'Add the device to the site description.',
  ),
  'wire.extensions_too_large': entry(
    413,
    'The extensions of an event that this version does not know are larger than the limit.',
    'Leave them out: what an event says stands in its data.',
  ),
  'wire.unknown_metric': entry(
    422,
    'A measurement has a name or a unit that a device of this kind does not have.',
    'Send what the device’s profile says it measures, in that unit.',
  ),
  'wire.unknown_zone': entry(
    422,
    'The event names a zone that the site does not have.',
    'Correct the zone in the gateway’s configuration, or add it to the site description.',
  ),
  'wire.unknown_line': entry(
    422,
    'The event names a line that the site does not have.',
    'Correct the line in the gateway’s configuration, or add it to the site description.',
  ),
  'wire.report_not_of_device': entry(
    422,
    'The device says what a device of its kind does not say.',
    'Correct the kind of the device, or list what it may say in the site description (`reports`).',
  ),
  'wire.text_unstorable': entry(
    400,
    'A text holds U+0000 or half of a surrogate pair, which cannot be stored.',
    'Remove the character at the named path.',
  ),
  'wire.batch_too_long': entry(413, 'The batch holds more events than the limit.', 'Send smaller batches.'),
} as const satisfies Record<string, ErrorEntry>;
