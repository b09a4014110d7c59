export * from './answers.ts';
export * from './files.ts';
export * from './policy.ts';
export * from './requests.ts';
