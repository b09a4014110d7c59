import type { Site } from '@watchpost/contracts/site';
import type { GatewayView } from '../../live/device-states.ts';
import { useTexts } from '../../texts/texts.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** Whether what a gateway says is proven to come through, and since when it was not. */
export function ChainProof({
  proof,
  site,
}: {
  readonly proof: NonNullable<GatewayView['proof']>;
  readonly site: Site | null;
}) {
  const { t } = useTexts();
  const { state, at, link } = proof;
  return (
    <span
      className={state === 'missing' ? 'warn' : undefined}
      data-testid="chain-proof"
      data-state={state}
      data-link={link}
    >
      {t(`devices.chain.${state}`)}
      {at && state !== 'none' && (
        <>
          {' '}
          <RelativeTime time={at} site={site} />
        </>
      )}
    </span>
  );
}
