import { type ErrorEntry, entry } from './error-entry.ts';

/** Of settings, files and starting. */
export const setupErrors = {
  'config.camera_address': entry(
    400,
    'The camera’s address cannot be used.',
    'Write rtsp://, rtsps://, http:// or https://, host, port and path; # and % inside a name as %23 and %25; user and password apart, in `user` and `password`; the driver as the address begins.',
  ),
  'config.secret_file': entry(
    400,
    'The file of a secret cannot be used.',
    'Put the secret alone into the file of its name in the folder of secrets, readable by the agent’s user only.',
  ),
  'config.camera_password_file': entry(
    400,
    'The file with the camera’s password cannot be used.',
    'Put the password alone into the file, readable by the agent’s user only.',
  ),
  'start.step_failed': entry(
    500,
    'A step of the start failed.',
    'What the step said stands above; mend it and start again.',
  ),
  'config.invalid': entry(400, 'A setting has a value that cannot be used.', 'Correct the named setting.'),
  'config.port_taken': entry(
    409,
    'A port is already in use.',
    'Stop the other program or choose another port.',
  ),
  'config.plain_credentials': entry(
    400,
    'Secrets or tokens would leave this computer without encryption.',
    'Use TLS or a loopback address; where the network itself is protected, set `insecure: true` there.',
  ),
  'service.not_ready': entry(
    504,
    'A part of Watchpost did not say in time that it runs.',
    'See what it wrote to the log; a database that is moved to a new version may need longer.',
  ),
  'config.data_folder': entry(
    500,
    'The data folder cannot be used.',
    'Check that it exists, is writable and not used by another Watchpost.',
  ),
  'config.data_of_other': entry(
    403,
    'The database belongs to another user, who could not open any more what root writes into it.',
    'Run the command as the named user, such as `sudo -u watchpost watchpost …`, or while the server runs.',
  ),
  'config.file_unusable': entry(
    500,
    'A file or folder cannot be read or written.',
    'See that it is there, that it belongs to the user who runs this command, and that the disk is neither full nor read-only.',
  ),
  'config.secret_readable': entry(
    500,
    'A file with a secret can be read by other users of this computer.',
    'Take the right away (`chmod 600`), and replace the secret if somebody may have read it.',
  ),
  'local.malformed': entry(
    400,
    'What came over the local socket is no request.',
    'Use the command of the same version as the server.',
  ),
  'local.no_answer': entry(
    504,
    'The running server does not answer.',
    'Look into its log; stop and start it if it hangs.',
  ),
  'init.not_empty': entry(
    409,
    'The folder holds something else than a server of Watchpost.',
    'Choose a new or an empty folder.',
  ),
  'tls.certificate_unusable': entry(
    500,
    'The new web certificate cannot be used; the one before is still served.',
    'See that certificate and key belong together and that the service may read them.',
  ),
  'tls.certificate_ends': entry(
    500,
    'The web certificate ends soon and nobody has renewed it.',
    'Look in the log why it was not renewed; a certificate from elsewhere is put in place of its files.',
  ),
  'tls.certificate_expired': entry(
    500,
    'The web certificate has expired: browsers refuse the console.',
    'Set the clock of the server right, or put a new certificate in place.',
  ),
  'tls.names_not_covered': entry(
    409,
    'The server’s own root is not for all names of the server.',
    'Take the names back; or move the folder `web` away, run `watchpost init` again and install the new root on phones and computers.',
  ),
  'watchlist.incomplete': entry(
    422,
    'A watch-list entry lacks legal basis, authority, purpose, area, expiry or two approvals.',
    'Complete the entry.',
  ),
} as const satisfies Record<string, ErrorEntry>;
