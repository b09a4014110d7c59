import { type ErrorEntry, entry } from './error-entry.ts';

/** Of photos that people bring for a list, and of the process that makes templates of them. */
export const enrolmentErrors = {
  'enrolment.photo_empty': entry(422, 'The file is empty.', 'Choose the photo again.'),
  'enrolment.photo_format': entry(
    422,
    'The file is no photo of a kind that can be used.',
    'Bring a JPEG, PNG or WebP photo; a renamed file of another kind stays what it is.',
  ),
  'enrolment.photo_heic': entry(
    422,
    'The photo is in the HEIC format of a phone, which cannot be read here.',
    'iPhone: Settings, Camera, Formats, Most Compatible, then take it again; Android: turn off HEIF or “high efficiency” pictures in the camera’s settings.',
  ),
  'enrolment.photo_animated': entry(
    422,
    'The picture moves.',
    'Bring a single photo: GIF and animated PNG or WebP are not used.',
  ),
  'enrolment.photo_two_kinds': entry(
    422,
    'The file holds something else beside the photo.',
    'Turn off moving or live photos and take it again, or save the picture anew in a picture program.',
  ),
  'enrolment.photo_damaged': entry(422, 'The photo is damaged or cut short.', 'Send the original again.'),
  'enrolment.photo_bytes': entry(
    413,
    'The file is larger than the limit.',
    'Bring a photo of at most 20 megabytes.',
  ),
  'enrolment.photo_pixels': entry(
    413,
    'The photo has more pixels than the limit.',
    'Bring a photo of at most 50 megapixels.',
  ),
  'enrolment.photo_costly': entry(
    422,
    'Reading the photo took more time or memory than a photo may take.',
    'Save it anew as an ordinary JPEG, or bring another photo.',
  ),
  'enrolment.no_face': entry(422, 'No face was found.', 'Bring a photo that shows the face from the front.'),
  'enrolment.several_faces': entry(
    422,
    'More than one person is in the foreground.',
    'Cut the photo to one person, or take it again.',
  ),
  'enrolment.face_small': entry(422, 'The face is too small.', 'Go nearer, or send the uncut original.'),
  'enrolment.face_turned': entry(
    422,
    'The face is turned away, up or down.',
    'Look straight into the camera.',
  ),
  'enrolment.face_tilted': entry(422, 'The head is tilted.', 'Hold head and camera upright.'),
  'enrolment.face_blurred': entry(
    422,
    'The face is blurred.',
    'Hold still, clean the lens, and take it again in better light.',
  ),
  'enrolment.face_dark': entry(422, 'The face is too dark.', 'Light the face from the front.'),
  'enrolment.face_bright': entry(422, 'The face is too bright.', 'Turn the flash off, or leave the sun.'),
  'enrolment.face_shadow': entry(
    422,
    'One side of the face lies in deep shadow.',
    'Turn towards the light, so that both sides are lit.',
  ),
  'enrolment.eyes_covered': entry(422, 'The eyes are not visible.', 'Take off dark glasses; open the eyes.'),
  'enrolment.mouth_covered': entry(
    422,
    'Mouth or nose are covered.',
    'Take off the mask, or pull the scarf below the chin.',
  ),
  'enrolment.face_cut': entry(
    422,
    'The face is cut by the edge of the photo.',
    'Keep some space around the head.',
  ),
  'enrolment.another_person': entry(
    422,
    'The photo does not look like the person of the other photos.',
    'Bring photos of one person only.',
  ),
  'enrolment.entry_unknown': entry(404, 'There is no such photo.', 'Look the entry up again.'),
  'enrolment.no_template': entry(
    409,
    'An entry has no photo that can be used any more.',
    'Bring new photos for the entry.',
  ),
  'enrolment.keys_damaged': entry(
    500,
    'The keys of the enrolled faces cannot be read.',
    'Restore them from a backup; without them every photo has to be brought again.',
  ),
  'enrolment.storage': entry(
    500,
    'Enrolled photos cannot be read or written.',
    'Look at free space and rights of the folder `enrolment` in the data folder.',
  ),
  'enrolment.request': entry(400, 'The request to the enrolment is malformed.', 'Report this fault.'),
  'enrolment.busy': entry(503, 'Too many photos wait to be looked at.', 'Try again in a minute.'),
  'enrolment.timeout': entry(504, 'Looking at the photo took too long.', 'Try again, with fewer photos.'),
  'enrolment.interrupted': entry(
    503,
    'The enrolment ended while it worked on this.',
    'Try again; nothing of this request was kept.',
  ),
  'enrolment.away': entry(
    503,
    'The enrolment cannot be started.',
    'See the log of the server; restart it when memory is short.',
  ),
  'enrolment.not_installed': entry(
    501,
    'This installation cannot enrol faces.',
    'Install the server again: `node scripts/install.mjs server FOLDER`.',
  ),
} as const satisfies Record<string, ErrorEntry>;
