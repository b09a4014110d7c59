import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the files of a server folder: `server.yaml` and `sites/<id>/site.yaml`. */
export const siteErrors = {
  'site.unreadable': entry(
    500,
    'The file cannot be read.',
    'See that it is there and that the user Watchpost runs as may read it.',
  ),
  'site.too_large': entry(413, 'The file is too large.', 'Take out what is not of this site.'),
  'site.too_deep': entry(
    400,
    'Lists and settings are nested too deep here, or the line is indented too far.',
    'A bracket may be left over: a site file needs a handful within each other, and a few blanks.',
  ),
  'site.encoding': entry(400, 'The file is not UTF-8 text.', 'Save it as UTF-8 in your editor.'),
  'site.indentation': entry(
    400,
    'The indentation does not fit.',
    'Indent with blanks, never with tabs; what belongs together begins in the same column.',
  ),
  'site.unclosed': entry(
    400,
    'A quotation mark or a bracket is not closed.',
    'Close it; a text that begins with a quotation mark ends with the same one.',
  ),
  'site.duplicate_key': entry(
    400,
    'The same name stands twice in one place.',
    'Keep one of the two; a list has a line with “- ” for each entry.',
  ),
  'site.syntax': entry(
    400,
    'The line is not YAML.',
    'Write `name: value`, with a blank behind the colon; put a text with : or # in quotation marks.',
  ),
  'site.alias': entry(
    400,
    'Anchors, aliases and merge keys are not supported.',
    'Write the value out where it is used.',
  ),
  'site.tag': entry(400, 'Tags are not supported.', 'Take the word that begins with ! away.'),
  'site.unknown_key': entry(
    400,
    'There is no setting of this name here.',
    'Correct the name, or take the line away.',
  ),
  'site.missing': entry(400, 'A setting is missing.', 'Add the named setting.'),
  'site.quotes_needed': entry(
    400,
    'A text is expected; without quotation marks this is a number, yes or no, or nothing.',
    'Put the value in quotation marks.',
  ),
  'site.wrong_type': entry(
    400,
    'The value is of the wrong kind.',
    'Write what is expected; true and false, numbers without quotation marks.',
  ),
  'site.not_listed': entry(400, 'The value is none of those that exist.', 'Take one of the known values.'),
  'site.out_of_range': entry(400, 'The value is too small or too large.', 'Take a value within the limits.'),
  'site.format': entry(400, 'The value is not written as expected.', 'Write it as the expected form shows.'),
  'site.unknown_reference': entry(
    400,
    'What is named here does not exist in this file.',
    'Take one of the known names, or add what is named.',
  ),
  'site.used_twice': entry(409, 'The same id is used twice.', 'Give the second one an id of its own.'),
  'site.no_area': entry(
    400,
    'The outline encloses no area: its edges cross, or its corners stand on one line.',
    'Name the corners one after the other around the area, without the line crossing itself; each corner once.',
  ),
  'site.no_line': entry(
    400,
    'The ends of the line are in nearly the same place.',
    'Draw it across the way that people take, from one end to the other; points go from 0 (left, top) to 1 (right, bottom).',
  ),
  'site.masked_everywhere': entry(
    400,
    'The masks cover nearly the whole picture: the camera would see nothing and say nothing.',
    'Draw them smaller. Points go from 0 (left, top) to 1 (right, bottom). A camera that shall see nothing is taken out of the file.',
  ),
  'site.nobody_followed': entry(
    400,
    'Lines and zones in a picture go by faces, and this camera looks for none: nobody is noticed there. All else of the camera works.',
    'Let the camera look for faces (with a record under `privacy`), or take its `lines` and `areas` away.',
  ),
  'site.conflict': entry(400, 'Two settings do not fit together.', 'Do what the expected form says.'),
  'site.secret_inline': entry(
    400,
    'A password stands in the file.',
    'Put it into a file of its own in `secrets/` and write `{ secret: name }`.',
  ),
  'site.secret_missing': entry(
    400,
    'There is no secret of this name.',
    'Write it to `secrets/<name>` in the server folder, readable by its owner only (0600).',
  ),
  'site.unknown_profile': entry(
    400,
    'There is no hardware profile of this name.',
    'Take one of the known profiles, or a generic one of the kind.',
  ),
  'site.wrong_profile': entry(
    400,
    'The profile describes another kind of device.',
    'Take a profile of the kind, or correct the kind.',
  ),
  'site.wrong_folder': entry(
    400,
    'The id in the file is not the name of its folder.',
    'Make both the same; the id of a site that ran stays.',
  ),
  'site.no_rule_set': entry(
    400,
    'There is no rule set of this name.',
    'Write `rules/<name>.yaml` beside the site file, or take a known name; without `ruleSet` the built-in rules hold.',
  ),
  'site.no_privacy_record': entry(
    400,
    'A camera looks for faces without a privacy record that names it.',
    'Add a record with assessment and notice sign under `privacy`, or set `faces: false`.',
  ),
  'site.changed_meanwhile': entry(
    409,
    'The file was changed by somebody else meanwhile.',
    'Nothing was overwritten, and your version is kept beside it; compare the two and make your change again.',
  ),
  'site.busy': entry(503, 'Another program is changing the file.', 'Try again in a few seconds.'),
  'site.not_in_force': entry(
    409,
    'The site file has mistakes; the version before stays in force.',
    'Mend the file at the named place. It is put into force by itself as soon as it is right.',
  ),
  'site.not_running': entry(
    503,
    'No server runs with this folder.',
    'Nothing need be done: what the files say counts from the next start.',
  ),
  'site.restart_needed': entry(
    503,
    'What changed counts from the next start: the server runs as it did before.',
    'Start the server again when it suits; `watchpost apply` names the files.',
  ),
  'site.cannot_edit': entry(
    400,
    'The change cannot be made while the file has mistakes.',
    'Mend the file first: `watchpost check` lists them.',
  ),
  'site.edit_refused': entry(
    422,
    'The change would leave the site with a mistake; nothing was written.',
    'Correct the named setting: the plan of the change shows every mistake with its place.',
  ),
  'site.secret_of_others': entry(
    403,
    'The change names a secret that is not of this site.',
    'Give the password anew, so that it is kept for this site, or name the secret in the file on the server.',
  ),
  'site.editor_away': entry(
    503,
    'The process that owns the site files does not answer.',
    'Try again in a few seconds. Where alerting runs by itself, change the file in an editor.',
  ),
} as const satisfies Record<string, ErrorEntry>;
