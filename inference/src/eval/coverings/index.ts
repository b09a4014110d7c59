/** For the evaluation of the enrolment: what is drawn onto faces, and how figures are printed. */

export { findContour } from '../../face/landmarks.ts';
export { type Figure, printFigures, progress } from '../figures.ts';
export { readDataFile } from '../read-data.ts';
export { drawCovering } from './draw-covering.ts';
export { type CoveringKind, coveringKinds, coverings } from './kinds.ts';
