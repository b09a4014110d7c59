import './telemetry-off.ts';

/**
 * ONNX Runtime, as everything of ours loads it: silent. Nothing else may import `onnxruntime-node` (a rule of
 * the boundaries).
 */
export { InferenceSession, Tensor } from 'onnxruntime-node';
