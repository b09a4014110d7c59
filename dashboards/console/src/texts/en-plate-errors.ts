/** Errors of address plates: loaded with their page. */
export const enPlateErrors = {
  'error.plate.no_key': 'The server has no key for plates of this site. Start it again; it makes the key.',
  'error.plate.no_domain':
    'Plates of this site have no host name yet. Whoever may edit the site sets it on this page; then issue the plate.',
  'error.plate.zone_unknown': 'The site has no such zone.',
  'error.plate.zone_outside': 'The zone is not one of yours. Choose another one.',
  'error.plate.too_many': 'The site has as many plates as it may have. Retire some that hang nowhere.',
} as const;
