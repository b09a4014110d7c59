export * from './erasure-receipt.ts';
export * from './permit-content.ts';
export * from './watch-list.ts';
