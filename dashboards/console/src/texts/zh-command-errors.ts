/** 简体中文：控制台网页不会遇到的错误代码（命令行、通知中的受理链接）。网页不加载。 */
export const zhCommandErrors = {
  'error.backup.not_one': '该文件不是 Watchpost 的备份。',
  'error.backup.newer': '备份由更新版本的 Watchpost 写入。请先安装该版本或更新的版本，再恢复。',
  'error.backup.truncated': '备份文件不完整，后部缺失；未恢复任何内容。请重新复制，或使用更早的备份。',
  'error.backup.damaged': '备份文件内容与写入时不符；未恢复任何内容。请重新复制，或使用更早的备份。',
  'error.backup.partial': '备份缺少其清单所列的内容；未恢复任何内容。请使用更早的备份。',
  'error.backup.wrong_key': '恢复密钥与此备份不符。请使用首次备份该服务器时显示的恢复密钥。',
  'error.backup.key_form': '恢复密钥输入有误。请核对所指出的那一组；0 与 O 视为相同，1、I、L 视为相同。',
  'error.backup.key_file':
    '服务器保存的备份公钥文件不可用。请从备份中放回；或将其移走，下次备份时会生成并显示新的恢复密钥。',
  'error.backup.not_empty': '目标不是空的。请选择空的文件夹和空的数据库；未作任何改动。',
  'error.backup.no_room': '磁盘空间不足。请腾出空间，或换一个磁盘。',
  'error.backup.unsteady': '复制期间内容不断变化。请在空闲时重试，或先停止 Watchpost。',
  'error.backup.too_large':
    '数据库超过内嵌数据库的允许大小。请继续使用数据库服务器，或缩短保存期限（`policy.keptDays`）后重试。',
  'error.start.step_failed': '启动过程中有一步失败。原因见上文，排除后重新启动。',
  'error.install.arguments': '没有说明要安装什么或安装到哪里。请写明 gateway、server 或 all，以及目录。',
  'error.install.place': '该目录不能用于安装。请指定检出目录以外的新目录、空目录或已有的 Watchpost 安装。',
  'error.install.busy': '另一次安装正在写入该目录，请等待其结束。',
  'error.install.platform': '没有适用于本平台的 Node，请在 Linux 或 macOS 上安装。',
  'error.install.packages': '检出目录中的软件包与锁定文件不一致，请先运行 npm ci。',
  'error.install.failed': '安装未能写入，原有内容未改动。请检查磁盘空间和上级目录的权限。',
  'error.install.part_absent': '此安装不包含所需的部分，请用 scripts/install.mjs 连同该部分重新安装。',
  'error.config.data_of_other':
    '数据库属于另一个用户；root 写入后该用户将无法打开。请以所示用户运行（如 sudo -u watchpost watchpost …），或在服务器运行时执行。',
  'error.config.file_unusable':
    '文件或文件夹无法读取或写入。请确认它存在、属于运行该命令的用户，且磁盘未满、可以写入。',
  'error.init.not_empty': '该文件夹存有其他内容，不是 Watchpost 服务器。请另选一个新的或空的文件夹。',
  'error.acknowledge.link_invalid': '链接不属于本服务器，或已失效',
  'error.acknowledge.link_used': '该链接已使用过',
  'error.acknowledge.link_expired': '该链接已过有效期',
  'error.acknowledge.over': '该链接所指的警情已结束',
  'error.acknowledge.log_in_needed': '受理此级别的警情须先登录',
  'error.acknowledge.not_yours': '只有收到该消息的人员才能通过链接受理',
} as const;
