/** What the unit of a server is made from. */
export interface UnitWords {
  /** Absolute path of the server folder. */
  readonly folder: string;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** The command and its first arguments, absolute; `up` and the folder come behind. */
  readonly command: readonly string[];
  /** The user that the service runs as, and its group. */
  readonly user: string;
  /** Further groups, for the devices of the machine. */
  readonly groups: readonly string[];
}

/** A word of a unit file (systemd.syntax(7)): `%` stands for itself, quotation marks hold it together. */
const word = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;

/** A path where no variables are replaced. */
const path = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;

const isBelow = (folder: string, top: string): boolean => folder === top || folder.startsWith(`${top}/`);
const isAtHome = (folder: string): boolean =>
  ['/home', '/root', '/run/user'].some((top) => isBelow(folder, top));

/**
 * The unit of a server: a user of its own that may write its folder and nothing else. JavaScript is compiled
 * at run time, so memory that is written and run cannot be forbidden.
 */
export function systemdUnit({ folder, dataFolder, command, user, groups }: UnitWords): string {
  const written = isBelow(dataFolder, folder) ? [folder] : [folder, dataFolder];
  const isHomeNeeded = [folder, dataFolder, ...command].some(isAtHome);
  return `# Made by \`watchpost init\`; not made again while it is here. How it is installed: docs/guides/first-site.md
[Unit]
Description=Watchpost
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
Type=exec
User=${user}
Group=${user}
ExecStart=${[...command, 'up', folder].map(word).join(' ')}
ExecReload=kill -HUP $MAINPID
Restart=on-failure
RestartSec=5
KillMode=mixed
TimeoutStopSec=15
UMask=0077
LimitCORE=0

NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ReadWritePaths=${written.map(path).join(' ')}
ProtectHome=${isHomeNeeded ? 'read-only' : 'yes'}
PrivateTmp=yes
# Serial readers and Modbus lines; nothing else of the machine.
DevicePolicy=closed
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-ttyACM rw
DeviceAllow=char-ttyS rw
${groups.map((group) => `SupplementaryGroups=${group}\n`).join('')}ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** The unit’s user (sysusers.d(5)). */
export const sysusersFile = ({ user, folder }: Pick<UnitWords, 'user' | 'folder'>): string =>
  `# Made by \`watchpost init\`: the user of the service.\nu ${user} - "Watchpost" ${path(folder)}\n`;
