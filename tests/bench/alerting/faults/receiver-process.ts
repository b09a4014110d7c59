import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FromReceiver, Heard } from './receiver.ts';

const answerMs = 20;
const [file = '', port = '0'] = process.argv.slice(2);
const say = (message: FromReceiver) => process.send?.(message);

/** A receiver that notes what it is told before it answers, so that not even its end takes that back. */
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { id, subject, seq } = JSON.parse(Buffer.concat(parts).toString()) as Omit<Heard, 'atMs' | 'to'>;
    const heard: Heard = { atMs: Date.now(), to: request.url ?? '', id, subject, seq };
    appendFileSync(file, `${JSON.stringify(heard)}\n`);
    say({ begun: true });
    let isOver = false;
    const over = () => {
      if (!isOver) say({ begun: false });
      isOver = true;
    };
    response.on('close', over);
    setTimeout(() => response.writeHead(204).end(over), answerMs);
  });
});
process.on('message', () => server.closeAllConnections());
process.on('disconnect', () => process.exit());
server.listen(Number(port), '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }));
