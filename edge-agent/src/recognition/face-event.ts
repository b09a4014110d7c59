import { type EventData, entryIdSchema, roundedScores } from '@watchpost/contracts/wire';
import type { AbstainDecision, CandidateDecision, ModelSet } from '@watchpost/inference';

const unit = (value: number) => Math.min(1, Math.max(0, value));

/** Names and digests of the loaded models as events carry them. */
export function modelRefs(digests: ModelSet['digests']): EventData<'watchpost.face.candidate.v1'>['models'] {
  return Object.entries(digests).map(([name, digest]) => ({
    name: name.replaceAll(/[^A-Za-z0-9:._-]/g, '_').slice(0, 64),
    digest: digest.slice(0, 16),
  }));
}

export function candidateData(
  decision: CandidateDecision,
  models: EventData<'watchpost.face.candidate.v1'>['models'],
): EventData<'watchpost.face.candidate.v1'> {
  return roundedScores({
    list: decision.list,
    entry: entryIdSchema.parse(decision.entryId),
    cosine: Math.min(1, Math.max(-1, decision.cosine)),
    threshold: decision.threshold,
    falseMatchRate: unit(decision.falseMatchRate),
    confidence: unit(decision.confidence),
    votes: { for: decision.votes, frames: Math.max(1, decision.frames) },
    quality: unit(decision.quality.overall),
    track: decision.trackId,
    models,
    ...(decision.liveness === null ? {} : { liveness: unit(decision.liveness) }),
  });
}

export function abstainData(decision: AbstainDecision): EventData<'watchpost.face.abstain.v1'> {
  const { reason, quality, trackId } = decision;
  return roundedScores({ reason, quality: unit(quality.overall), track: trackId });
}
