/** What is drawn onto faces, and what an enrolment must say of each. */
export const coverings = {
  nothing: null,
  beard: null,
  stubble: null,
  scarf_below_chin: null,
  side_shadow: null,
  lower_shadow: null,
  clear_glasses: null,
  surgical: 'mouth',
  cloth: 'mouth',
  dark: 'mouth',
  patterned: 'mouth',
  skin_coloured: 'mouth',
  cup: 'mouth',
  under_nose: 'mouth',
  scarf_over_nose: 'mouth',
  dark_glasses: 'eyes',
} as const satisfies Record<string, null | 'mouth' | 'eyes'>;

/** One of them. */
export type CoveringKind = keyof typeof coverings;

/** All of them, in the order in which they are drawn. */
export const coveringKinds = Object.keys(coverings) as readonly CoveringKind[];
