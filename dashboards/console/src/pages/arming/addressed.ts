import type { ArmingAreaView } from '@watchpost/contracts/api';

/** An area as its routes name it. */
export const addressed = ({ area, site }: Pick<ArmingAreaView, 'area' | 'site'>) => ({
  ...{ params: { area }, query: { site } },
});
