/** Why a photo is not taken: loaded with the page of the lists. */
export const enPhotoErrors = {
  'error.enrolment.photo_empty': 'The file is empty. Choose the photo again.',
  'error.enrolment.photo_format': 'This is no JPEG, PNG or WebP photo.',
  'error.enrolment.photo_heic':
    'HEIC photos cannot be read. iPhone: Settings → Camera → Formats → “Most Compatible”; Android: turn off HEIF in the camera’s settings. Then take it again.',
  'error.enrolment.photo_animated': 'The picture moves. Bring a single photo.',
  'error.enrolment.photo_two_kinds':
    'The file holds something else beside the photo. Turn off live or motion photos and take it again, or save it anew in a picture program.',
  'error.enrolment.photo_damaged': 'The photo is damaged or cut short. Send the original again.',
  'error.enrolment.photo_bytes': 'The file is larger than 20 MB.',
  'error.enrolment.photo_pixels': 'The photo has more than 50 megapixels.',
  'error.enrolment.photo_costly':
    'Reading the photo takes too much time or memory. Save it anew as an ordinary JPEG.',
  'error.enrolment.no_face': 'No face was found. Bring a photo that shows the face from the front.',
  'error.enrolment.several_faces': 'More than one person is in the foreground. Cut the photo to one person.',
  'error.enrolment.face_small': 'The face is too small. Go nearer, or send the uncut original.',
  'error.enrolment.face_turned': 'The face is turned away, up or down. Look straight into the camera.',
  'error.enrolment.face_tilted': 'The head is tilted. Hold head and camera upright.',
  'error.enrolment.face_blurred':
    'The face is blurred. Hold still, clean the lens, take it again in better light.',
  'error.enrolment.face_dark': 'The face is too dark. Light it from the front.',
  'error.enrolment.face_bright': 'The face is too bright. Turn the flash off, or leave the sun.',
  'error.enrolment.face_shadow': 'One side of the face lies in deep shadow. Turn towards the light.',
  'error.enrolment.eyes_covered': 'The eyes are not visible. Take off dark glasses; open the eyes.',
  'error.enrolment.mouth_covered':
    'Mouth or nose are covered. Take off the mask, or pull the scarf below the chin.',
  'error.enrolment.face_cut': 'The face is cut by the edge of the photo. Keep some space around the head.',
  'error.enrolment.another_person': 'This photo does not look like the person of the other photos.',
};
