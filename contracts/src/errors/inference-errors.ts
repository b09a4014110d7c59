import { type ErrorEntry, entry } from './error-entry.ts';

/** Of models and pictures. */
export const inferenceErrors = {
  'inference.image_unreadable': entry(422, 'The image cannot be decoded.', 'Send JPEG, PNG or WebP.'),
  'inference.image_too_large': entry(
    413,
    'The image has more pixels than the limit.',
    'Send a smaller image.',
  ),
  'inference.model_missing': entry(500, 'A file of the model is missing.', 'Install the packages again.'),
  'inference.model_hash': entry(
    500,
    'A model file differs from its manifest.',
    'Install the packages again; do not use the file.',
  ),
  'inference.model_decoder': entry(
    500,
    'The manifest names a decoder that does not exist.',
    'Use a decoder of the reference.',
  ),
  'inference.model_unfit': entry(
    500,
    'The model file does not fit its manifest.',
    'Compare the names and sizes of inputs in the manifest with the file.',
  ),
  'inference.template_invalid': entry(422, 'A face template is not usable.', 'Enrol the face again.'),
  'inference.face_not_found': entry(
    422,
    'No face was found in the image.',
    'Use a photo that shows one face clearly.',
  ),
  'inference.face_ambiguous': entry(
    422,
    'More than one face was found in the image.',
    'Crop the photo to one face.',
  ),
  'inference.face_quality': entry(
    422,
    'The face in the image is too small, blurred, turned or dark.',
    'Use a sharp, frontal photo with a face of 100 pixels or more.',
  ),
  'inference.sequence_model_damaged': entry(
    422,
    'The file of a trained sequence model is damaged.',
    'Nothing: the series is judged by statistics until a new model is trained.',
  ),
  'inference.sequence_model_foreign': entry(
    409,
    'The sequence model is of another version or of another series.',
    'Nothing: the series is judged by statistics until a new model is trained.',
  ),
  'inference.sequence_training': entry(
    500,
    'The training of a sequence model failed.',
    'See the log; the series is judged as before, and trained again later.',
  ),
  'inference.evaluation_data': entry(
    422,
    'The data to evaluate with is missing or malformed.',
    'Correct the file or folder at the named path.',
  ),
} as const satisfies Record<string, ErrorEntry>;
