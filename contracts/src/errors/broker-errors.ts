import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the broker and its clients. */
export const brokerErrors = {
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
} as const satisfies Record<string, ErrorEntry>;
