/** What commands say about backups. */
const texts = {
  en: {
    written: 'Backup written',
    recoveryKey: 'Recovery key',
    keepIt:
      'Write it down and keep it apart from this computer: nothing else opens this and all later backups of this server, and it is shown this once.',
    rows: 'rows',
    files: 'files',
    undeclared: 'In the backup, although nobody knows what they are for',
    typeKey: 'Recovery key (input ends with Enter)',
    restored: 'Restored',
    madeAt: 'made at',
    next: 'Log in again after the start: sessions are not in backups. Do not run the old server beside this one.',
  },
  'zh-CN': {
    written: '备份已写入',
    recoveryKey: '恢复密钥',
    keepIt: '请抄写下来，并与本机分开保存：只有它能打开本服务器的这份及以后的所有备份，且仅显示这一次。',
    rows: '行',
    files: '个文件',
    undeclared: '以下文件用途不明，已一并备份',
    typeKey: '恢复密钥（按回车结束）',
    restored: '已恢复',
    madeAt: '备份时间',
    next: '启动后请重新登录：备份不含登录会话。请勿让旧服务器与本机同时运行。',
  },
} as const;

/** @param chinese whether the person reads Chinese */
export const backupTexts = (chinese: boolean) => (chinese ? texts['zh-CN'] : texts.en);
