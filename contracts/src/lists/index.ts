export * from './watch-list.ts';
