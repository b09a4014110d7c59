/**
 * The one registry of error codes. A code never changes its meaning and a retired code is never used again:
 * move it to {@link retiredErrorCodes}. `docs/reference/errors.md` is generated from here.
 */
export interface ErrorEntry {
  /** What was wrong, as a constant sentence. */
  readonly summary: string;
  /** What the person who meets it should do. */
  readonly action: string;
  /** The HTTP status used when the error leaves through the API. */
  readonly status: number;
}

const entry = (status: number, summary: string, action: string): ErrorEntry => ({ summary, action, status });

export const errorRegistry = {
  // wire: messages between gateway, broker and alerting
  'wire.too_large': entry(413, 'The message is larger than the limit.', 'Send smaller batches.'),
  'wire.not_json': entry(400, 'The message is not valid UTF-8 JSON.', 'Send one JSON document per message.'),
  'wire.schema': entry(
    400,
    'A field of the message does not match its schema.',
    'Correct the field at the named path.',
  ),
  'wire.unknown_type': entry(
    400,
    'The event type is not known to this version.',
    'Use a type of the reference, or update the receiver.',
  ),
  'wire.reserved_type': entry(
    403,
    'The event is of a type that only alerting itself may make.',
    'Send what the device saw; losses are found by alerting.',
  ),
  'wire.topic': entry(
    400,
    'The topic is not one of the topic table.',
    'Publish to a topic of the reference.',
  ),
  'wire.source_mismatch': entry(
    403,
    'The event names another site or gateway than the topic it came on.',
    'Publish under the gateway’s own topic.',
  ),
  'wire.time_implausible': entry(
    422,
    'The capture time cannot be right: too far in the past or in the future.',
    'Set the clock of the gateway.',
  ),
  'wire.duplicate_identity': entry(
    409,
    'Two gateways use the same identity.',
    'Give each gateway its own identity; stop the copy.',
  ),
  'wire.unknown_device': entry(
    422,
    'The event comes from a device that the site does not list.',
    'Add the device to the site description.',
  ),
  'wire.extensions_too_large': entry(
    413,
    'The extensions of an event that this version does not know are larger than the limit.',
    'Leave them out: what an event says stands in its data.',
  ),
  'wire.unknown_metric': entry(
    422,
    'A measurement has a name or a unit that a device of this kind does not have.',
    'Send what the device’s profile says it measures, in that unit.',
  ),
  'wire.unknown_zone': entry(
    422,
    'The event names a zone that the site does not have.',
    'Correct the zone in the gateway’s configuration, or add it to the site description.',
  ),
  'wire.unknown_line': entry(
    422,
    'The event names a line that the site does not have.',
    'Correct the line in the gateway’s configuration, or add it to the site description.',
  ),
  'wire.report_not_of_device': entry(
    422,
    'The device says what a device of its kind does not say.',
    'Correct the kind of the device, or list what it may say in the site description (`reports`).',
  ),
  'wire.text_unstorable': entry(
    400,
    'A text holds U+0000 or half of a surrogate pair, which cannot be stored.',
    'Remove the character at the named path.',
  ),
  'wire.batch_too_long': entry(413, 'The batch holds more events than the limit.', 'Send smaller batches.'),
  // broker
  'broker.unauthorized': entry(
    401,
    'The client is not known or its secret is wrong.',
    'Use the credentials issued for this client.',
  ),
  'broker.forbidden_topic': entry(
    403,
    'The client may not use this topic.',
    'See the topic rules in the reference.',
  ),
  'broker.packet_too_large': entry(413, 'An MQTT packet is larger than the limit.', 'Send smaller messages.'),
  'broker.malformed_packet': entry(
    400,
    'Bytes on the connection are not MQTT 3.1.1.',
    'Check what is connected to this port.',
  ),
  'broker.connect_timeout': entry(
    408,
    'No CONNECT packet came in time.',
    'Check what is connected to this port.',
  ),
  'broker.keepalive': entry(
    408,
    'The client was silent for longer than its keep-alive allows.',
    'Check the network between client and broker.',
  ),
  'broker.too_many_connections': entry(
    503,
    'There are more connections than the limit, in all or from one address.',
    'Close some, or raise the limit.',
  ),
  'broker.slow_consumer': entry(
    503,
    'The client does not read what is sent to it.',
    'Check the client and the network to it.',
  ),
  'broker.quota': entry(
    429,
    'A limit on sessions, subscriptions, queued or retained messages was reached.',
    'Use fewer, or raise the limit.',
  ),
  'broker.client_id': entry(
    400,
    'The client id is empty although the session is to be kept.',
    'Give each client an id of its own.',
  ),
  'broker.client_id_taken': entry(
    403,
    'The client id belongs to another principal.',
    'Use an id of its own; those that begin with `wp-`, `alerting-` and `flows-` belong to gateways and services.',
  ),
  'broker.idle_connection': entry(
    408,
    'A connection on which no CONNECT had come made way for a newer one.',
    'Check what opens connections to this port and says nothing.',
  ),
  'broker.too_many_attempts': entry(
    429,
    'Wrong secrets came too often for this user name; the attempt was not looked at.',
    'Wait and try again with the right secret; the log names the address that guesses.',
  ),
  'broker.telemetry_flood': entry(
    429,
    'A gateway sends more telemetry than it may; what is more is not passed on.',
    'Look which device reports so often; raise `telemetryPerSecond` if that is right.',
  ),
  'broker.cluster_unavailable': entry(
    503,
    'The Redis of the broker’s cluster does not answer.',
    'Check Redis; the broker goes on by itself when it is back.',
  ),
  'broker.unreachable': entry(
    503,
    'The broker does not answer or refuses the connection.',
    'Check BROKER_URL, the credentials and the broker.',
  ),
  'broker.no_answer': entry(
    504,
    'The broker took a request and did not answer it in time, so the connection was ended.',
    'Check the load of the broker and the network to it; the connection is tried again by itself.',
  ),
  // flows: Node-RED
  'config.unconfined': entry(
    500,
    'Node-RED was started without its confinement: whoever edits flows could read this computer.',
    'Start it with `watchpost start`, or give Node the options that `@watchpost/flows/confinement` names.',
  ),
  // identity of gateways and clients
  'identity.expired': entry(
    401,
    'The token or certificate of an open connection expired.',
    'Connect again with a new one.',
  ),
  'identity.revoked': entry(403, 'The token, certificate or gateway was revoked.', 'Ask the operator.'),
  'identity.revocations_damaged': entry(
    500,
    'The revocation file cannot be read; the last good list stays in force.',
    'Write the file again with `watchpost gateway revoke`.',
  ),
  'identity.claim_refused': entry(
    403,
    'The claim code is wrong, used up, expired or not of this gateway.',
    'Ask the operator for a new code.',
  ),
  'identity.claim_code': entry(400, 'This is not a claim code.', 'Copy the whole code as it was shown.'),
  'identity.request_refused': entry(
    422,
    'The certificate request cannot be accepted: another name, another kind of key, or not signed by its key.',
    'Make the request with `watchpost gateway claim`.',
  ),
  'identity.renewal_refused': entry(
    403,
    'The certificate cannot be renewed: not of this site’s authority, expired or revoked.',
    'Claim the gateway again with a new code.',
  ),
  'identity.too_many_requests': entry(
    429,
    'Too many claims or renewals from this address or for this gateway.',
    'Wait and try again.',
  ),
  'identity.authority_mismatch': entry(
    403,
    'The service’s authority is not the one that the claim code names.',
    'Check the address; somebody may stand between the gateway and the service.',
  ),
  'identity.service_unreachable': entry(
    503,
    'The claim service does not answer as it should.',
    'Check the address, the network and the service.',
  ),
  // edge
  'edge.frame_unreadable': entry(
    422,
    'A frame could not be decoded.',
    'Check the camera and its stream settings.',
  ),
  'edge.scan_unreadable': entry(
    422,
    'A code reader sent something that is no scan: too long, not in its encoding, unfinished or too fast.',
    'Check framing, encoding and speed of the reader against the configuration.',
  ),
  'edge.source_lost': entry(
    503,
    'A source delivers nothing.',
    'Check power, network and address of the device.',
  ),
  'edge.camera_password': entry(
    401,
    'The camera refuses the user or the password.',
    'Correct user and password. The gateway does not try again until they change, because cameras lock out whoever tries often.',
  ),
  'edge.camera_forbidden': entry(
    403,
    'The camera knows the user but does not allow this stream.',
    'Give the user the right to view live video, or use another user.',
  ),
  'edge.camera_not_found': entry(
    404,
    'The camera has no stream at this address.',
    'Correct the path of the address; see the camera’s manual for its stream names.',
  ),
  'edge.camera_busy': entry(
    503,
    'The camera serves no more clients.',
    'Close other viewers, let a recorder hand the stream on, or use the smaller stream.',
  ),
  'edge.camera_refused': entry(
    503,
    'Nothing listens at the camera’s port.',
    'Check the port, and that RTSP or HTTP is switched on in the camera.',
  ),
  'edge.camera_unreachable': entry(
    503,
    'The camera’s address does not answer.',
    'Check power, cable and network of the camera, and its address.',
  ),
  'edge.camera_host_unknown': entry(
    503,
    'The camera’s host name is not known.',
    'Correct the name, or use the IP address.',
  ),
  'edge.camera_silent': entry(
    504,
    'The camera takes the connection but does not answer.',
    'Restart the camera; check that the port is that of its streams.',
  ),
  'edge.camera_transport': entry(
    501,
    'The camera does not offer its pictures over the transport that is set.',
    'Set `transport` to `auto`, or to what the camera supports (`tcp` or `udp`).',
  ),
  'edge.camera_no_video': entry(
    422,
    'The stream holds no video, only sound or other data.',
    'Use the address of the video stream.',
  ),
  'edge.camera_no_decoder': entry(
    501,
    'There is no decoder for the camera’s video format.',
    'Set the camera to H.264, H.265 or MJPEG.',
  ),
  'edge.camera_protocol': entry(
    502,
    'What answers at the camera’s address is no camera stream that can be read.',
    'Check that the address is that of a stream and not of a web page.',
  ),
  'edge.camera_no_picture': entry(
    504,
    'The stream was opened but no picture comes.',
    'Restart the camera; with `udp`, check that a firewall lets its packets through.',
  ),
  'edge.camera_behind': entry(
    503,
    'The gateway cannot decode all pictures of the camera: it skips to the newest.',
    'Use the camera’s smaller stream, fewer pictures per second, or a faster machine.',
  ),
  'edge.camera_frozen': entry(
    503,
    'The camera sends the same picture again and again.',
    'Restart the camera; look whether somebody plays a recording into the line.',
  ),
  'edge.camera_covered': entry(
    503,
    'The camera’s picture is black or shows nothing.',
    'Go and look at the lens.',
  ),
  'edge.outbox_full': entry(
    507,
    'The outbox reached its size limit.',
    'Restore the link to the broker or enlarge the disk quota.',
  ),
  'edge.outbox_corrupt': entry(
    500,
    'The outbox file cannot be read.',
    'The file was set aside; a new outbox with a new epoch was made.',
  ),
  'edge.ledger_unusable': entry(
    500,
    'The file that counts the uses of passes is full, damaged or cannot be written.',
    'Check the disk; a damaged file was set aside. While uses cannot be counted no pass is accepted.',
  ),
  'edge.command_expired': entry(410, 'The command expired before it arrived.', 'Send it again.'),
  'edge.command_retained': entry(
    409,
    'The command was kept by the broker (retained), so it is not carried out.',
    'Send commands without the retain flag, and clear the topic with an empty retained message.',
  ),
  'edge.command_interrupted': entry(
    503,
    'The gateway ended while it carried the command out; whether it was done is not known.',
    'Look at the device, and send a new command if needed.',
  ),
  'edge.command_unknown': entry(400, 'The command is not known to this version.', 'Update the gateway.'),
  'edge.policy_missing': entry(
    503,
    'The gateway has no policy, so it matches no faces.',
    'Publish a signed policy for the gateway.',
  ),
  'edge.policy_invalid': entry(
    403,
    'The policy is not for this gateway, not signed by a known key, or older than the one in force.',
    'Sign a newer policy for this gateway with a key it knows.',
  ),
  'edge.policy_expired': entry(
    410,
    'The policy expired, so the gateway matches no faces.',
    'Publish a fresh policy.',
  ),
  'edge.gallery_mismatch': entry(
    409,
    'The gallery is not the one that the policy names, so the gateway matches no faces.',
    'Bring the named gallery to the gateway.',
  ),
  'edge.clock_wrong': entry(
    500,
    'The clock of the gateway is wrong; times are corrected by the server’s.',
    'Set up NTP on the gateway, or check its battery and its time server.',
  ),
  'edge.clock_unknown': entry(
    503,
    'The gateway does not know the time: its clock is behind the last known time and no server has answered yet.',
    'Restore the link to the server or set the clock; until then passes go to a guard and no faces are matched.',
  ),
  'edge.disk_full': entry(
    507,
    'The gateway’s disk is full: new events wait in memory only and do not outlive a restart.',
    'Make room on the disk of the data folder.',
  ),
  'edge.disk_unwritable': entry(
    500,
    'The gateway cannot write to its data folder: events live in memory only and do not outlive a restart.',
    'Check the disk, its mount and the rights of the data folder, then restart the gateway.',
  ),
  // inference
  'inference.image_unreadable': entry(422, 'The image cannot be decoded.', 'Send JPEG, PNG or WebP.'),
  'inference.image_too_large': entry(
    413,
    'The image has more pixels than the limit.',
    'Send a smaller image.',
  ),
  'inference.model_missing': entry(500, 'A file of the model is missing.', 'Install the packages again.'),
  'inference.model_hash': entry(
    500,
    'A model file differs from its manifest.',
    'Install the packages again; do not use the file.',
  ),
  'inference.model_decoder': entry(
    500,
    'The manifest names a decoder that does not exist.',
    'Use a decoder of the reference.',
  ),
  'inference.model_unfit': entry(
    500,
    'The model file does not fit its manifest.',
    'Compare the names and sizes of inputs in the manifest with the file.',
  ),
  'inference.template_invalid': entry(422, 'A face template is not usable.', 'Enrol the face again.'),
  'inference.face_not_found': entry(
    422,
    'No face was found in the image.',
    'Use a photo that shows one face clearly.',
  ),
  'inference.face_ambiguous': entry(
    422,
    'More than one face was found in the image.',
    'Crop the photo to one face.',
  ),
  'inference.face_quality': entry(
    422,
    'The face in the image is too small, blurred, turned or dark.',
    'Use a sharp, frontal photo with a face of 100 pixels or more.',
  ),
  'inference.sequence_model_damaged': entry(
    422,
    'The file of a trained sequence model is damaged.',
    'Nothing: the series is judged by statistics until a new model is trained.',
  ),
  'inference.sequence_model_foreign': entry(
    409,
    'The sequence model is of another version or of another series.',
    'Nothing: the series is judged by statistics until a new model is trained.',
  ),
  'inference.sequence_training': entry(
    500,
    'The training of a sequence model failed.',
    'See the log; the series is judged as before, and trained again later.',
  ),
  'inference.evaluation_data': entry(
    422,
    'The data to evaluate with is missing or malformed.',
    'Correct the file or folder at the named path.',
  ),
  // passes
  'pass.malformed': entry(400, 'The code is not a Watchpost pass.', 'Ask for a new pass.'),
  'pass.signature': entry(403, 'The signature of the pass is wrong.', 'Treat the pass as forged.'),
  'pass.unknown_key': entry(
    403,
    'The pass was signed with a key that this gate does not know.',
    'Treat the pass as forged unless keys were just rotated.',
  ),
  'pass.expired': entry(403, 'The pass is no longer valid.', 'Ask for a new pass.'),
  'pass.not_yet_valid': entry(403, 'The pass is not valid yet.', 'Come back when it is.'),
  'pass.wrong_audience': entry(
    403,
    'The pass is for another gate or zone.',
    'Use the gate that the pass names.',
  ),
  'pass.revoked': entry(403, 'The pass was withdrawn.', 'Ask for a new pass.'),
  'pass.used_up': entry(403, 'The pass was redeemed as often as it may be.', 'Ask for a new pass.'),
  'pass.replayed': entry(
    403,
    'The proof shown with the pass was used already.',
    'Wait half a minute for a fresh one; treat a picture of somebody’s screen as a copy.',
  ),
  // api
  'api.unauthenticated': entry(401, 'Log in first.', 'Log in.'),
  'api.bad_credentials': entry(401, 'The name or the password is wrong.', 'Check both and try again.'),
  'api.forbidden': entry(403, 'Your role does not allow this.', 'Ask an administrator.'),
  'api.not_found': entry(404, 'There is no such thing.', 'Check the address.'),
  'api.invalid': entry(
    400,
    'A field of the request does not match its schema.',
    'Correct the field at the named path.',
  ),
  'api.cross_site': entry(403, 'The request came from another web site.', 'Use the console itself.'),
  'api.insecure_transport': entry(
    403,
    'Credentials came over plain HTTP from another computer.',
    'Use the HTTPS address; only a network that nobody can listen to may be configured as insecure.',
  ),
  'api.unknown_host': entry(
    421,
    'The request names a host that is not the address of this service.',
    'Use the address of the console, or set WATCHPOST_PUBLIC_URL to the one that people use.',
  ),
  'api.method_not_allowed': entry(
    405,
    'The address does not know this method.',
    'Use one of the methods that the header `allow` names.',
  ),
  'api.malformed': entry(
    400,
    'The request is not well-formed HTTP.',
    'Correct the request: its line, its headers or the encoding of its address.',
  ),
  'api.timeout': entry(
    408,
    'The request did not arrive whole in time.',
    'Send it again over a faster connection.',
  ),
  'api.headers_too_large': entry(
    431,
    'The headers of the request are larger than the limit.',
    'Send fewer or shorter headers; delete old cookies of this host.',
  ),
  'api.not_json': entry(400, 'The body is not valid JSON.', 'Send one JSON document, encoded in UTF-8.'),
  'api.content_type': entry(
    415,
    'The body is not of the type that the address takes.',
    'Send `content-type: application/json`.',
  ),
  'api.text_unstorable': entry(
    400,
    'A text holds U+0000 or half of a surrogate pair, which cannot be stored.',
    'Remove the character at the named path.',
  ),
  'api.login_slowed': entry(
    429,
    'Too many wrong passwords for this account or from this network.',
    'Wait for the seconds that the header `retry-after` names; a browser that logged in before is not slowed.',
  ),
  'api.login_busy': entry(503, 'More log-ins wait than can be checked.', 'Try again in a few seconds.'),
  'api.handover_refused': entry(
    403,
    'The code that opens Node-RED is unknown, used already, or older than a minute.',
    'Open Node-RED again from the console.',
  ),
  'login.under_attack': entry(
    429,
    'Passwords are being guessed; wrong log-ins are slowed down.',
    'Look for the addresses in the log; warn the people whose accounts are named.',
  ),
  'api.too_many_requests': entry(429, 'Too many requests.', 'Wait and try again.'),
  'api.internal': entry(500, 'The service failed.', 'Report the time and the request id.'),
  'alert.transition': entry(
    409,
    'The alert cannot go from its present state to the one asked for.',
    'Load the alert again.',
  ),
  'alert.disposition_required': entry(
    422,
    'An alert of this severity needs a disposition to be resolved.',
    'Choose what the alert turned out to be.',
  ),
  'alert.stale': entry(
    409,
    'The alert changed after the version that the step saw.',
    'Look at the alert as it is now, then decide.',
  ),
  'alert.superseded': entry(
    409,
    'The alert cannot be opened again: another alert about the same thing is open.',
    'Work on the open one; `details` names it.',
  ),
  // store
  'store.unreachable': entry(
    503,
    'The database does not answer.',
    'Check DATABASE_URL and the database server.',
  ),
  'store.disk_full': entry(
    507,
    'The database has no room on its disk, so nothing is stored and gateways keep their events.',
    'Make room on the disk of the database; what waits is stored by itself then.',
  ),
  'store.dead_letter': entry(
    500,
    'A message makes the commit fail again and again; it was set aside so that the others go on.',
    'See the log for the cause and report it; the message is kept among the rejects.',
  ),
  'store.slow_statement': entry(
    503,
    'A statement of the embedded database kept all others waiting.',
    'If it happens again, use a faster disk, or a server by DATABASE_URL; the log names the statement.',
  ),
  'store.statement_timeout': entry(
    503,
    'The database did not answer a statement within its time, so it was given up.',
    'Look at the load, the locks and the disk of the database server; what waits is tried again by itself.',
  ),
  'store.migration': entry(
    500,
    'A database migration failed.',
    'Restore the last backup or ask for help; nothing was changed.',
  ),
  // set-up
  'config.camera_address': entry(
    400,
    'The camera’s address cannot be used.',
    'Write rtsp://, rtsps://, http:// or https://, host, port and path; # and % inside a name as %23 and %25; user and password apart, in `user` and `passwordFile`.',
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
  'config.secret_readable': entry(
    500,
    'A file with a secret can be read by other users of this computer.',
    'Take the right away (`chmod 600`), and replace the secret if somebody may have read it.',
  ),
  'watchlist.incomplete': entry(
    422,
    'A watch-list entry lacks legal basis, authority, purpose, area, expiry or two approvals.',
    'Complete the entry.',
  ),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorRegistry;

/** Codes that once existed; a test keeps them out of {@link errorRegistry}. */
export const retiredErrorCodes: readonly string[] = [];

export interface ErrorContext {
  /** Where in the input, as a JSON pointer such as `/data/cosine`. */
  readonly path?: string;
  /** What was expected and what was found, never a secret, a face or a whole message. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

/** Every error that Watchpost raises on purpose. `message` is the registry's summary plus the path. */
export class WatchpostError extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    const { path, details = {}, cause } = context;
    super(path ? `${errorRegistry[code].summary} (${path})` : errorRegistry[code].summary, { cause });
    this.name = 'WatchpostError';
    this.code = code;
    this.path = path;
    this.details = details;
  }
}
