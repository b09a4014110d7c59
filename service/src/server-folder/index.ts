export { editYaml } from './edit-yaml.ts';
export {
  type ServerInForce,
  type SiteInForce,
  serverInForce,
  serverMistakes,
  siteInForce,
} from './in-force.ts';
export { currentRuleSet, readRuleSet, ruleSetNames, ruleSetPath } from './read-rule-set.ts';
export {
  type ReadServerFolder,
  readServerFolder,
  serverFileName,
  siteFilePath,
} from './read-server-folder.ts';
export { type ReadSite, readSiteFile } from './read-site-file.ts';
export { type SecretFolder, secretFolder } from './secrets.ts';
export type { Edit } from './splice-yaml.ts';
export {
  absent,
  type FileVersion,
  keepVersion,
  keptVersions,
  readVersion,
  replaceVersion,
} from './versions.ts';
export { writeRuleSet } from './write-rule-set.ts';
export { readYaml } from './yaml-file.ts';
