import { createServer, type Socket } from 'node:net';
import { PacketFramer } from '../domain/packet-framer.ts';

/**
 * The least that passes messages on in Node: no identity, no rules, no limits but the time for CONNECT, one
 * subscriber per topic. What others notice through it while somebody attacks is what Node itself and the
 * machine cost, and no broker in Node can be better.
 */
const subscribers = new Map<string, Socket>();
const limits = { connectBytes: 8 * 1024, packetBytes: 256 * 1024 };
const connectMs = 1000;
const connack = Buffer.from([0x20, 2, 0, 0]);

const server = createServer({ noDelay: true }, (socket) => {
  const framer = new PacketFramer(limits);
  const timer = setTimeout(() => socket.destroy(), connectMs);
  socket.on('error', () => undefined).on('close', () => clearTimeout(timer));
  socket.on('data', (chunk) => {
    framer.push(chunk);
    for (let packet = framer.next(); packet; packet = framer.next()) {
      clearTimeout(timer);
      handle(socket, packet);
    }
  });
});

function handle(socket: Socket, packet: Buffer): void {
  const type = (packet[0] ?? 0) >> 4;
  let at = 1;
  while ((packet[at++] ?? 0) >= 0x80);
  if (type === 1) socket.write(connack);
  else if (type === 8) {
    const id = packet.subarray(at, at + 2);
    let filters = 0;
    for (let next = at + 2; next < packet.length; filters++) {
      const end = next + 2 + packet.readUInt16BE(next);
      subscribers.set(packet.toString('utf8', next + 2, end), socket);
      next = end + 1;
    }
    socket.write(Buffer.concat([Buffer.from([0x90, 2 + filters]), id, Buffer.alloc(filters, 1)]));
  } else if (type === 3) {
    const end = at + 2 + packet.readUInt16BE(at);
    socket.write(Buffer.concat([Buffer.from([0x40, 2]), packet.subarray(end, end + 2)]));
    subscribers.get(packet.toString('utf8', at + 2, end))?.write(packet);
  }
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: address && typeof address === 'object' ? address.port : 0 });
});
process.once('disconnect', () => process.exit());
