// For commands about the audit log: what they ask, and what follows its chain.
export { ChainCheck, type ChainFault, type ChainPoint, hashOfEntry } from './audit-chain.ts';
export { type AuditCommand, type AuditPart, onAuditStore } from './audit-command.ts';
export { type ListsCommand, onStoppedLists } from './lists-command.ts';
