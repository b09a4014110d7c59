export { type CodeReader, type CodeReaderOptions, createCodeReader } from './codes/code-reader.ts';
export { withoutTrailingBlanks } from './codes/own-text.ts';
export type { CodeReading, PayloadMark, RoutedPayload } from './codes/reading.ts';
export { routePayload } from './codes/route-payload.ts';
export { type CoveredFace, judgeCovered } from './face/covered.ts';
export type { AbstainReason, FaceObservation, FaceQuality, FivePoints } from './face/observation.ts';
export { createFacePipeline, type FacePipeline, type FacePipelineOptions } from './face/pipeline.ts';
export { decodeImage, type ImageLimits } from './frame/decode-image.ts';
export { encodeJpeg } from './frame/encode-jpeg.ts';
export type { Box, Frame, Point } from './frame/frame.ts';
export { combineFaces, type EnrolledFace, enrolFace, type UsableFace } from './gallery/enrol-face.ts';
export type { GalleryEntry, GalleryKeys, GalleryList, GalleryMatch } from './gallery/entry.ts';
export { Gallery, type GalleryOptions } from './gallery/gallery.ts';
export { decodeGallery, encodeGallery } from './gallery/gallery-codec.ts';
export { protectTemplate, unprotectTemplate } from './gallery/protect-template.ts';
export { seal, unseal } from './gallery/sealed-box.ts';
export { dotAt } from './gallery/search.ts';
export type { MeasuredThreshold, ModelManifest } from './models/manifest.ts';
export { listModels, type ModelState, modelCard, verifyModels } from './models/model-cards.ts';
export { type ModelSet, type ModelSetOptions, openModelSet } from './models/open-model-set.ts';
export { benchModels, type ModelTiming } from './models/time-models.ts';
export { LearningSeries, type LearningSeriesOptions } from './series/learning-series.ts';
export { measuredMethod, type SeriesMethod } from './series/method-choice.ts';
export type { SequenceModel } from './series/sequence/sequence-model.ts';
export {
  loadSequenceModel,
  saveSequenceModel,
  sequenceModelDigest,
} from './series/sequence/sequence-model-file.ts';
export { type RunningTraining, startTraining } from './series/sequence/start-training.ts';
export type { TrainingOptions } from './series/sequence/train-sequence-model.ts';
export type { SeriesPoints } from './series/sequence/training-data.ts';
export { classifySeries, type SeriesClass } from './series/series-class.ts';
export {
  createSeriesDetector,
  type SeriesDetector,
  type SeriesDetectorOptions,
  type SeriesReason,
  type SeriesVerdict,
} from './series/series-detector.ts';
export {
  confidenceOf,
  type ExpectedCandidates,
  expectedCandidates,
  expectedFalseCandidates,
  falseMatchRateAt,
} from './track/calibration.ts';
export type { AbstainDecision, CandidateDecision, FaceDecision, NothingDecision } from './track/decision.ts';
export { createFaceTracker, type FaceTracker, type FaceTrackerOptions } from './track/face-tracker.ts';
