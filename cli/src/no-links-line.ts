import type { ServerFile } from '@watchpost/contracts/site';

/** Whether people get mails that they cannot answer with a press: nobody said where the console is. */
export const hasNoLinks = (server: Pick<ServerFile, 'mail' | 'publicUrl'> | undefined): boolean =>
  server?.mail !== undefined && server.publicUrl === undefined;

/** What is said of that. */
export const noLinksLine = (chinese: boolean): string =>
  chinese
    ? '注意：server.yaml 未设置 publicUrl，通知中不会带有受理链接（除非以 WATCHPOST_PUBLIC_URL 指定地址）。'
    : 'Note: notices carry no link to take an incident, because server.yaml has no publicUrl (unless WATCHPOST_PUBLIC_URL says it).';
