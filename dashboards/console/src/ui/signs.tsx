import type { Severity } from '@watchpost/contracts/alert';

/**
 * Each severity has a shape of its own, so that it reads without colour: octagon, triangle, diamond, disc.
 */
const shapes: Readonly<Record<Severity, string>> = {
  critical: 'M6.500 1h7L19 6.500v7L13.500 19h-7L1 13.500v-7z',
  high: 'M10 1.500 19.200 18H.800z',
  medium: 'M10 .800 19.200 10 10 19.200.800 10z',
  low: 'M10 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16z',
};

export function SeveritySign({ severity }: { readonly severity: Severity }) {
  const lower = severity === 'high' ? 1.5 : 0;
  return (
    <svg className="sign" viewBox="0 0 20 20" data-severity={severity} aria-hidden="true">
      <path className="sign-shape" d={shapes[severity]} />
      {severity !== 'low' && (
        <path className="sign-mark" d={`M10 ${5.2 + lower}v5.600M10 ${13.6 + lower}v.600`} />
      )}
    </svg>
  );
}

export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 3 27 7v9c0 6.600-4.600 10.600-11 13C9.600 26.600 5 22.600 5 16V7z" />
      <path d="M9 15.500c3.900-5.300 10.100-5.300 14 0-3.900 5.300-10.100 5.300-14 0z" />
      <circle cx="16" cy="15.500" r="2.600" />
    </svg>
  );
}

/** A small line sign on a 24×24 field. */
export function LineSign({ path }: { readonly path: string }) {
  return (
    <svg className="line-sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

export const signPaths = {
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  plan: 'M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14',
  device: 'M5 5h14v10H5zM9 19h6M12 15v4',
  back: 'M15 5l-7 7 7 7',
  quiet: 'M5 12.500l4.500 4.500L19 7.500',
  leave: 'M14 4H5v16h9M10 12h11M17 8l4 4-4 4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-5 4-7 8-7s7 2 8 7',
  soundOn: 'M4 9v6h4l5 4V5L8 9zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11',
  soundOff: 'M4 9v6h4l5 4V5L8 9zM17 9.500l5 5M22 9.500l-5 5',
  phone:
    'M6 3h3l2 5-2.500 1.500a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3C10 20.500 3.500 14 3 6a3 3 0 0 1 3-3z',
  flows: 'M5 4h5v5H5zM14 15h5v5h-5zM7.500 9v5a3.500 3.500 0 0 0 3.500 3.500h3',
} as const;
