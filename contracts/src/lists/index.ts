export * from './audit-note.ts';
export * from './erasure-receipt.ts';
export * from './permit-content.ts';
export * from './restored-file.ts';
export * from './watch-list.ts';
