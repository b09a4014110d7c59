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
    moved: 'Moved',
    inForce: 'in force from the next start',
    stays: 'The database of before stays as it was',
    nothingPending: 'Nothing is to be migrated',
    database: 'database',
    pending: 'The next start migrates',
    takes: 'Time',
    tried: 'tried out on a copy',
    reckoned: 'reckoned from its rows',
    room: 'Room on the disk',
    goesBackCopy:
      'The database is copied first; the version before goes on with that copy, what came later is lost',
    goesBackBackup:
      'The start writes an archive first (data/backups), or refuses: restore it with the version before; what came later is lost',
    writtenBefore: 'Archive of before the database is migrated',
    next: 'Log in again after the start: sessions are not in backups. Do not run the old server beside this one.',
    listsAreDrafts:
      'After the start every entry of the watch and access lists is a draft and matches nothing until it is approved again: what was withdrawn since the backup is not to come back.',
    listsWhereNoted:
      'The watch and access lists stay as they are if the audit log ends with the head that you gave; otherwise every entry is a draft after the start.',
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
    moved: '已迁移',
    inForce: '下次启动时生效',
    stays: '原数据库保持不变',
    nothingPending: '无需迁移',
    database: '数据库大小',
    pending: '下次启动时将执行的迁移',
    takes: '所需时间',
    tried: '已在副本上试行',
    reckoned: '按行数估算',
    room: '所需磁盘空间',
    goesBackCopy: '迁移前自动复制数据库；退回旧版本时使用该副本，其后的数据会丢失',
    goesBackBackup: '启动时先写出备份（data/backups），否则拒绝迁移；退回时用旧版本恢复，其后的数据会丢失',
    writtenBefore: '迁移前的数据库备份',
    next: '启动后请重新登录：备份不含登录会话。请勿让旧服务器与本机同时运行。',
    listsAreDrafts:
      '启动后，关注名单和准入名单的所有条目均为草稿，重新批准之前不作匹配：备份之后撤回的条目不得重新生效。',
    listsWhereNoted:
      '若审计日志的末端与您给出的一致，关注名单和准入名单保持不变；否则启动后所有条目均为草稿。',
  },
} as const;

/** @param chinese whether the person reads Chinese */
export const backupTexts = (chinese: boolean) => (chinese ? texts['zh-CN'] : texts.en);
