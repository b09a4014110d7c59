import { entriesOf, type Fields, nameIn, textOf, valueAt } from '../../ui/site-file/file-value.ts';

/** What has to be on record before a camera looks for faces (privacy rule 9), as the page names it. */
export type Missing =
  | 'cameras'
  | 'purpose'
  | 'reference'
  | 'approvedBy'
  | 'approvedAt'
  | 'approvedLater'
  | 'place'
  | 'checkedAt'
  | 'notPrivate';

/** What of a record is missing, in the order of the form. After `nowMs` an approval is none yet. */
export function missingOf(record: Fields, nowMs: number): readonly Missing[] {
  const said = (...path: readonly string[]) => textOf(valueAt(record, path)).trim();
  const approvedAt = said('assessment', 'approvedAt');
  const found: readonly (Missing | false)[] = [
    camerasOf(record).length === 0 && 'cameras',
    // As short as the file takes it.
    said('purpose').length < 4 && 'purpose',
    said('assessment', 'reference') === '' && 'reference',
    said('assessment', 'approvedBy') === '' && 'approvedBy',
    approvedAt === '' && 'approvedAt',
    Date.parse(approvedAt) > nowMs && 'approvedLater',
    said('noticeSign', 'place') === '' && 'place',
    said('noticeSign', 'checkedAt') === '' && 'checkedAt',
    record.notPrivate !== true && 'notPrivate',
  ];
  return found.filter((one) => one !== false);
}

/** Names of zones that are declared private, and in which a camera of the record would look for faces. */
export function privateZonesOf(record: Fields, file: Fields, language: string): readonly string[] {
  const cameras = entriesOf(file.devices).filter(
    ({ id, faces }) => camerasOf(record).includes(textOf(id)) && faces !== false,
  );
  return entriesOf(file.zones)
    .filter(({ id, public: isPublic }) => isPublic === false && cameras.some(({ zone }) => zone === id))
    .map((zone) => nameIn(zone, language));
}

/** What a change of one record does to the cameras of a site, by their names. */
export interface FaceChanges {
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** Covered, and told in their own entry not to look for faces. */
  readonly staysOff: readonly string[];
}

/** @param index of the record in the file; -1: a new one. @param after null: it is taken away */
export function faceChanges(
  file: Fields,
  index: number,
  after: Fields | null,
  language: string,
): FaceChanges {
  const records = entriesOf(file.privacy);
  const others = records.filter((_, at) => at !== index).flatMap(camerasOf);
  const before = [...others, ...camerasOf(records[index] ?? {})];
  const covered = [...others, ...camerasOf(after ?? {})];
  const named = (wanted: (camera: Fields, id: string) => boolean) =>
    entriesOf(file.devices)
      .filter((device) => device.kind === 'camera' && wanted(device, textOf(device.id)))
      .map((device) => nameIn(device, language));
  return {
    on: named(({ faces }, id) => faces !== false && covered.includes(id) && !before.includes(id)),
    off: named(({ faces }, id) => faces !== false && !covered.includes(id) && before.includes(id)),
    staysOff: named(({ faces }, id) => faces === false && camerasOf(after ?? {}).includes(id)),
  };
}

const camerasOf = ({ cameras }: Fields): readonly string[] =>
  Array.isArray(cameras) ? cameras.map(textOf) : [];
