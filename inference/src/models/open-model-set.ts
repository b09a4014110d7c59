/** Which models to load and from where. */
export interface ModelSetOptions {
  /** Also load the liveness model (advisory). Default false. */
  readonly liveness?: boolean;
  /** Manifest names or paths; default the set of design §4. */
  readonly detector?: string;
  readonly landmarks?: string;
  readonly recogniser?: string;
  /** Folder with the .onnx files instead of the npm package named by the manifest; for tests and for bring-your-own models. */
  readonly filesFrom?: string;
}

/** Verified models with open sessions. Not thread-safe beyond one process; `close` when done. */
export interface ModelSet {
  /** sha256 (hex) by manifest name of every loaded file; goes into events. */
  readonly digests: Readonly<Record<string, string>>;
  /** Default cosine threshold of the recogniser and the false-match rate measured for it. */
  readonly threshold: number;
  readonly falseMatchRate: number;
  /** Length of an embedding. */
  readonly dimension: number;
  close(): Promise<void>;
}

/**
 * Reads manifests, verifies every file's sha256 and only then opens sessions (one thread, no memory arena).
 * @throws WatchpostError `inference.model_missing`, `inference.model_hash`, `inference.model_decoder`
 */
export async function openModelSet(_options: ModelSetOptions = {}): Promise<ModelSet> {
  throw new Error('being written');
}
