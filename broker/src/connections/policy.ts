/**
 * The pace of one connection, beside the limits that the configuration sets; milliseconds unless a name says
 * otherwise.
 */
export const connectionPolicy = {
  /** After this, bytes that the peer does not take are given up when a connection closes. */
  flushMs: 1000,
  /** So many packets of one client in one turn of the event loop: then it is the others’ turn. */
  packetsPerTurn: 16,
  /**
   * What a SUBSCRIBE or UNSUBSCRIBE takes of the rate of its connection beside one packet for each filter:
   * looking for what is retained takes as long as some twenty messages.
   */
  subscribeCost: 20,
  /**
   * Filters of one SUBSCRIBE or UNSUBSCRIBE, which is worked off in one piece: so many times the
   * subscriptions that a client may have, and no fewer than `least`. A packet of 64 KiB would hold 16,000.
   */
  filtersPerPacket: { perLimit: 2, least: 100 },
  /**
   * Whoever sends faster than it may is woken when a turn’s worth of packets may come again, and no later
   * than this.
   */
  longestPauseMs: 4,
  /** How long what a client sent before it left may take, at its permitted rate. */
  remainderMs: 10_000,
  /** What a QoS 2 telemetry message over its budget takes of the rate of its connection, in packets. */
  qos2Cost: 50,
  /**
   * Seconds of the rate that may come at once. Short, because whatever comes at once is worked off before
   * anybody else is heard; nothing is lost by it, the rest is read a little later.
   */
  burstSeconds: 0.1,
  /**
   * Before CONNECT is whole: pauses between two looks at what has come, each so many times the one before.
   * Who sends it byte by byte is not read byte by byte.
   */
  pauseMs: { first: 1, growth: 4, longest: 256 },
} as const;

/** What goes out on one connection. */
export const outgoingPolicy = {
  /** So much is passed on at once, without waiting for the end of the turn. */
  pieceBytes: 32 * 1024,
  /** Up to this, what waits for a client is not counted among what waits for all. */
  littleBytes: 64 * 1024,
  /** More than this is not given to the transport at once: what a slow client takes shows piece by piece. */
  feedBytes: 256 * 1024,
  /**
   * Whoever gets fewer pieces than this in a window gets each at once, without waiting for the end of the
   * turn: 300 messages a second.
   */
  promptPieces: 200,
  windowMs: 100,
} as const;

/** New connections. */
export const arrivalPolicy = {
  /**
   * Let in per turn of the event loop: most of what an arrival costs, a TLS handshake above all, comes in
   * turns that follow.
   */
  perTurn: 2,
  /** Of what may come in a second, one in so many may come at once. */
  atOnceOneIn: 50,
  /** Connections that the system accepts before a port looks at them. */
  backlog: 1024,
} as const;

/** Connections whose clients are gone. */
export const departurePolicy = {
  /**
   * Pieces of work per turn of the event loop. Time cannot be measured here: most of the work comes in ticks
   * that follow.
   */
  perTurn: 8,
} as const;

/** Budgets of telemetry. */
export const telemetryPolicy = {
  /** Seconds of the rate that may come at once: a gateway that was away sends what it kept. */
  burstSeconds: 5,
  /** Principals whose budget is remembered; of more, those that were quiet longest begin anew. */
  remembered: 10_000,
} as const;

export const webSocketPolicy = {
  /** Largest frame; several packets may share one. */
  frameBytes: 1024 * 1024,
  /** A frame may be split into so many, and may come in so many pieces. */
  fragments: 256,
  pieces: 2048,
  /** Of the handshake. */
  headBytes: 8 * 1024,
  /** What may come before CONNECT is whole: a frame of which no end comes is kept whole. */
  bytesBeforeConnect: 128 * 1024,
  /** Frames of any kind for each message that a client may send: some libraries write a packet in parts. */
  framesPerMessage: 4,
  /** What a ping or pong takes of them; a client sends one in some seconds. */
  controlCost: 50,
} as const;
