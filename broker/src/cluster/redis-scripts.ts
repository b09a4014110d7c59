import { clusterPolicy } from './policy.ts';

/**
 * What has to happen in Redis as one step. `ARGV[1]` is the prefix of all keys:
 *
 * | key | what |
 * |---|---|
 * | `epoch` | made once; another one means that Redis has lost its data |
 * | `bus` | stream: every message and every change of subscriptions, in the one order that all nodes follow |
 * | `subsv` | bus id of the last change of subscriptions |
 * | `nodes` | node → `expiry-in-ms applied-bus-id` |
 * | `n:NODE` | client ids that are connected there |
 * | `s:CLIENT` | whose client id it is, which node and connection has it, bytes and telemetry messages of its queue |
 * | `sessions`, `idle` | client ids with a session that is kept; those without a connection, with the time since when |
 * | `f:`, `q:`, `m:`, `i:CLIENT` | filters, queue, packet ids of what went out, QoS 2 packet ids that came in |
 * | `retained`, `rbytes`, `qbytes`, `qcount`, `wills` | retained messages, totals, wills by client |
 */
const prelude = `
local p = ARGV[1]
local function now() local t = redis.call('TIME'); return t[1] * 1000 + math.floor(t[2] / 1000) end
local function number(key) return tonumber(redis.call('GET', p..key) or '0') end
local function holds(client, token) return redis.call('HGET', p..'s:'..client, 'token') == token end
local function announce(header)
  return redis.call('XADD', p..'bus', 'MAXLEN', '~', ${clusterPolicy.busEntries}, '*', 'h', cjson.encode(header))
end
local function changed(header)
  local id = announce(header)
  redis.call('SET', p..'subsv', id)
  return id
end
local function entryBytes(fields)
  local bytes = 200
  for i = 1, #fields, 2 do
    if fields[i] == 't' or fields[i] == 'p' then bytes = bytes + #fields[i + 1] end
  end
  return bytes
end
local function isTelemetry(topic) return topic:sub(-10) == '/telemetry' end
local function drop(client, id)
  local found = redis.call('XRANGE', p..'q:'..client, id, id)
  if #found == 0 then return 0 end
  local bytes = entryBytes(found[1][2])
  redis.call('XDEL', p..'q:'..client, id)
  redis.call('HDEL', p..'m:'..client, id)
  redis.call('HINCRBY', p..'s:'..client, 'bytes', -bytes)
  for i = 1, #found[1][2], 2 do
    if found[1][2][i] == 't' and isTelemetry(found[1][2][i + 1]) then
      redis.call('HINCRBY', p..'s:'..client, 'telemetry', -1)
    end
  end
  redis.call('DECRBY', p..'qbytes', bytes)
  redis.call('DECRBY', p..'qcount', 1)
  return 1
end
local function dropAged(client, ageMs)
  local dropped = 0
  for _, entry in ipairs(redis.call('XRANGE', p..'q:'..client, '-', (now() - ageMs)..'-0', 'COUNT', 1000)) do
    if redis.call('HEXISTS', p..'m:'..client, entry[1]) == 0 then dropped = dropped + drop(client, entry[1]) end
  end
  return dropped
end
local function endSession(client)
  if redis.call('SREM', p..'sessions', client) == 0 then return end
  redis.call('ZREM', p..'idle', client)
  local bytes = tonumber(redis.call('HGET', p..'s:'..client, 'bytes') or '0')
  redis.call('DECRBY', p..'qbytes', bytes)
  redis.call('DECRBY', p..'qcount', redis.call('XLEN', p..'q:'..client))
  redis.call('HSET', p..'s:'..client, 'bytes', 0, 'telemetry', 0)
  local had = redis.call('EXISTS', p..'f:'..client)
  redis.call('DEL', p..'q:'..client, p..'m:'..client, p..'f:'..client)
  if had == 1 then changed({ k = 'end', c = client }) end
end
local function leave(client)
  if redis.call('SISMEMBER', p..'sessions', client) == 1 then
    redis.call('HDEL', p..'s:'..client, 'node', 'token')
    redis.call('ZADD', p..'idle', now(), client)
  else
    redis.call('DEL', p..'s:'..client, p..'i:'..client)
  end
end
`;

/**
 * Client, principal, node, token, `1` for a session to keep, most sessions, principal and credential as JSON.
 */
const claim = `
local client, principal, node, token, keeps, most = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local known = redis.call('HMGET', p..'s:'..client, 'principal', 'node')
if known[1] and known[1] ~= principal then return { 'client_id' } end
if keeps == '1' and redis.call('SISMEMBER', p..'sessions', client) == 0
  and redis.call('SCARD', p..'sessions') >= most then return { 'sessions' } end
redis.call('HSET', p..'s:'..client, 'principal', principal, 'node', node, 'token', token, 'client', ARGV[8])
if known[2] then redis.call('SREM', p..'n:'..known[2], client) end
redis.call('SADD', p..'n:'..node, client)
redis.call('ZREM', p..'idle', client)
return { 'claimed', known[2] or '', announce({ k = 'claim', c = client, n = node }) }
`;

/** Client, token, `1` to forget its will, node. */
const release = `
local client, token = ARGV[2], ARGV[3]
if ARGV[4] == '1' then
  local will = redis.call('HGET', p..'wills', client)
  if will and cjson.decode(will).token == token then redis.call('HDEL', p..'wills', client) end
end
if not holds(client, token) then return 0 end
redis.call('SREM', p..'n:'..ARGV[5], client)
leave(client)
return 1
`;

/**
 * Client, token, age in ms. Gives whether it existed, its filters, its queue, the packet ids, the bus, how
 * many aged.
 */
const open = `
local client = ARGV[2]
if not holds(client, ARGV[3]) then return { 'taken' } end
local existed = 1 - redis.call('SADD', p..'sessions', client)
local aged = dropAged(client, tonumber(ARGV[4]))
local last = redis.call('XREVRANGE', p..'bus', '+', '-', 'COUNT', 1)
return { 'open', existed, redis.call('HGETALL', p..'f:'..client), redis.call('XRANGE', p..'q:'..client, '-', '+'),
  redis.call('HGETALL', p..'m:'..client), last[1] and last[1][1] or '0-0', aged }
`;

/** Client, token. */
const discard = `
if not holds(ARGV[2], ARGV[3]) then return 0 end
endSession(ARGV[2])
return 1
`;

/** Client, token, then `+` with filter and QoS, or `-` with filter. */
const subscribe = `
local client = ARGV[2]
if not holds(client, ARGV[3]) then return { 'taken' } end
local set, del = {}, {}
local i = 4
while i <= #ARGV do
  if ARGV[i] == '+' then
    redis.call('HSET', p..'f:'..client, ARGV[i + 1], ARGV[i + 2])
    set[#set + 1] = { ARGV[i + 1], tonumber(ARGV[i + 2]) }
    i = i + 3
  else
    redis.call('HDEL', p..'f:'..client, ARGV[i + 1])
    del[#del + 1] = ARGV[i + 1]
    i = i + 2
  end
end
return { 'done', changed({ k = 'subs', c = client, set = set, del = del }) }
`;

/**
 * Subscriptions seen, node, sender, topic, payload, QoS, retain, targets, limits, will (client, token),
 * received (client, packet id). Nothing happens when the sender does not know the latest subscriptions
 * (`stale`) or the will is no longer there (`gone`).
 */
const publish = `
local seen, node, sender, topic, payload = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local qos, retain = tonumber(ARGV[7]), ARGV[8] == '1'
local targets, limits = cjson.decode(ARGV[9]), cjson.decode(ARGV[10])
if qos > 0 then
  local version = redis.call('GET', p..'subsv') or '0-0'
  if version ~= seen then return { 'stale', version } end
end
if ARGV[11] ~= '' then
  local will = redis.call('HGET', p..'wills', ARGV[11])
  if not will or cjson.decode(will).token ~= ARGV[12] then return { 'gone' } end
  redis.call('HDEL', p..'wills', ARGV[11])
end
if ARGV[13] ~= '' then redis.call('SADD', p..'i:'..ARGV[13], ARGV[14]) end
local drops, kept = {}, 0
if retain then
  local former = redis.call('HSTRLEN', p..'retained', topic)
  if former > 0 then
    redis.call('HDEL', p..'retained', topic)
    redis.call('DECRBY', p..'rbytes', former - 1 + #topic)
  end
  local bytes = #payload + #topic
  if #payload == 0 then kept = 0
  elseif redis.call('HLEN', p..'retained') >= limits.retainedMessages then drops[#drops + 1] = 'retained_messages'
  elseif number('rbytes') + bytes > limits.retainedBytes then drops[#drops + 1] = 'retained_bytes'
  else
    kept = 1
    redis.call('HSET', p..'retained', topic, ARGV[7]..payload)
    redis.call('INCRBY', p..'rbytes', bytes)
  end
end
local bytes, total = #payload + #topic + 200, number('qbytes')
local queued = {}
for _, target in ipairs(targets) do
  local client = target[1]
  if redis.call('SISMEMBER', p..'sessions', client) == 1 then
    local limit
    local known = redis.call('HMGET', p..'s:'..client, 'node', 'telemetry')
    if isTelemetry(topic) and tonumber(known[2] or '0') >=
      (known[1] and limits.telemetryInFlight or limits.offlineTelemetry) then limit = 'telemetry_queue'
    elseif redis.call('XLEN', p..'q:'..client) >= limits.offlineMessages then limit = 'offline_messages'
    elseif tonumber(redis.call('HGET', p..'s:'..client, 'bytes') or '0') + bytes > limits.offlineBytes then
      limit = 'offline_bytes'
    elseif total + bytes > limits.offlineTotalBytes then limit = 'offline_total_bytes' end
    if limit then
      drops[#drops + 1] = limit
      drops[#drops + 1] = client
    else
      total = total + bytes
      queued[#queued + 1] = { client, math.min(target[2], qos) }
    end
  end
end
local header = { k = 'msg', n = node, c = sender, q = qos, to = queued }
if retain then header.r = kept end
local id = redis.call('XADD', p..'bus', 'MAXLEN', '~', ${clusterPolicy.busEntries}, '*', 'h', cjson.encode(header), 't', topic, 'p', payload)
for _, target in ipairs(queued) do
  redis.call('XADD', p..'q:'..target[1], id, 't', topic, 'q', target[2], 'p', payload)
  redis.call('HINCRBY', p..'s:'..target[1], 'bytes', bytes)
  if isTelemetry(topic) then redis.call('HINCRBY', p..'s:'..target[1], 'telemetry', 1) end
end
if #queued > 0 then
  redis.call('INCRBY', p..'qbytes', bytes * #queued)
  redis.call('INCRBY', p..'qcount', #queued)
end
return { 'done', id, drops }
`;

/** Client, token, id in its queue, packet id, `1` after PUBREC. */
const sent = `
if not holds(ARGV[2], ARGV[3]) then return 0 end
redis.call('HSET', p..'m:'..ARGV[2], ARGV[4], ARGV[5]..(ARGV[6] == '1' and ' released' or ''))
return 1
`;

/** Client, token, id in its queue. */
const acknowledge = `
if not holds(ARGV[2], ARGV[3]) then return 0 end
drop(ARGV[2], ARGV[4])
return 1
`;

/**
 * Client, token, topic, QoS, payload, packet id, limits: a retained message that goes out to a new
 * subscription.
 */
const keepSent = `
local client, limits = ARGV[2], cjson.decode(ARGV[8])
if not holds(client, ARGV[3]) then return '' end
local bytes = #ARGV[4] + #ARGV[6] + 200
if redis.call('XLEN', p..'q:'..client) >= limits.offlineMessages
  or tonumber(redis.call('HGET', p..'s:'..client, 'bytes') or '0') + bytes > limits.offlineBytes
  or number('qbytes') + bytes > limits.offlineTotalBytes then return '' end
local id = announce({ k = 'mark' })
redis.call('XADD', p..'q:'..client, id, 't', ARGV[4], 'q', ARGV[5], 'p', ARGV[6])
redis.call('HSET', p..'m:'..client, id, ARGV[7])
redis.call('HINCRBY', p..'s:'..client, 'bytes', bytes)
redis.call('INCRBY', p..'qbytes', bytes)
redis.call('INCRBY', p..'qcount', 1)
return id
`;

/** Node, bus id it has applied, ms until it counts as dead, `1` at its beginning. */
const beat = `
local node, applied, lease = ARGV[2], ARGV[3], tonumber(ARGV[4])
if ARGV[5] ~= '1' and redis.call('HEXISTS', p..'nodes', node) == 0 then return { 'dead' } end
local time = now()
redis.call('HSET', p..'nodes', node, string.format('%.0f %s', time + lease, applied))
local dead, least = {}, applied
local function before(a, b)
  local a1, a2, b1, b2 = a:match('^(%d+)-(%d+)$'), a:match('-(%d+)$'), b:match('^(%d+)-(%d+)$'), b:match('-(%d+)$')
  if tonumber(a1) == tonumber(b1) then return tonumber(a2) < tonumber(b2) end
  return tonumber(a1) < tonumber(b1)
end
local all = redis.call('HGETALL', p..'nodes')
for i = 1, #all, 2 do
  local expiry, position = all[i + 1]:match('^(%d+) (.+)$')
  if tonumber(expiry) < time then dead[#dead + 1] = all[i]
  elseif before(position, least) then least = position end
end
redis.call('XTRIM', p..'bus', 'MINID', least)
return { 'alive', redis.call('SCARD', p..'sessions'), number('qcount'), dead, redis.call('GET', p..'epoch') or '' }
`;

/** Node: the wills of its clients, client and will in turn. */
const willsOf = `
local found = {}
local all = redis.call('HGETALL', p..'wills')
for i = 1, #all, 2 do
  if cjson.decode(all[i + 1]).node == ARGV[2] then
    found[#found + 1] = all[i]
    found[#found + 1] = all[i + 1]
  end
end
return found
`;

/** Node: its clients are no longer connected. */
const forget = `
for _, client in ipairs(redis.call('SMEMBERS', p..'n:'..ARGV[2])) do
  if redis.call('HGET', p..'s:'..client, 'node') == ARGV[2] then leave(client) end
end
redis.call('DEL', p..'n:'..ARGV[2])
redis.call('HDEL', p..'nodes', ARGV[2])
return 1
`;

/**
 * A new epoch, in case there is none: the epoch, the last change of subscriptions, the bus, filters,
 * retained.
 */
const snapshot = `
redis.call('SET', p..'epoch', ARGV[2], 'NX')
local filters = {}
for _, client in ipairs(redis.call('SMEMBERS', p..'sessions')) do
  filters[#filters + 1] = client
  filters[#filters + 1] = redis.call('HGETALL', p..'f:'..client)
end
local last = redis.call('XREVRANGE', p..'bus', '+', '-', 'COUNT', 1)
return { redis.call('GET', p..'epoch'), redis.call('GET', p..'subsv') or '0-0', last[1] and last[1][1] or '0-0',
  filters, redis.call('HGETALL', p..'retained') }
`;

/** Session expiry in ms, age in ms: ends sessions and drops messages that are too old. */
const sweep = `
local expired = redis.call('ZRANGEBYSCORE', p..'idle', '-inf', now() - tonumber(ARGV[2]))
for _, client in ipairs(expired) do
  endSession(client)
  redis.call('DEL', p..'s:'..client, p..'i:'..client)
end
local aged = {}
for _, client in ipairs(redis.call('SMEMBERS', p..'sessions')) do
  local dropped = dropAged(client, tonumber(ARGV[3]))
  if dropped > 0 then
    aged[#aged + 1] = client
    aged[#aged + 1] = dropped
  end
end
return { expired, aged }
`;

/** Sessions without a connection: client id, principal and credential, ms since when, in turn. */
const kept = `
local found = {}
local idle = redis.call('ZRANGE', p..'idle', 0, -1, 'WITHSCORES')
for i = 1, #idle, 2 do
  found[#found + 1] = idle[i]
  found[#found + 1] = redis.call('HGET', p..'s:'..idle[i], 'client') or ''
  found[#found + 1] = string.format('%.0f', now() - tonumber(idle[i + 1]))
end
return found
`;

/** Client: ends its session, unless it has a connection. */
const endKept = `
local client = ARGV[2]
if redis.call('HEXISTS', p..'s:'..client, 'token') == 1 then return 0 end
endSession(client)
redis.call('DEL', p..'s:'..client, p..'i:'..client)
return 1
`;

const bodies = {
  claim,
  release,
  open,
  discard,
  subscribe,
  publish,
  sent,
  acknowledge,
  keepSent,
  beat,
  willsOf,
  forget,
  snapshot,
  sweep,
  kept,
  endKept,
};
export type ScriptName = keyof typeof bodies;

/** Name and Lua source of every script. */
export const redisScripts: ReadonlyMap<ScriptName, string> = new Map(
  Object.entries(bodies).map(([name, body]) => [name as ScriptName, `${prelude}${body}`]),
);
