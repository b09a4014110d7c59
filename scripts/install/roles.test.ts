import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readWorkspaces, withTheirNeeds } from '../workspaces.ts';
import { needsOf, partsOf, type Role } from './roles.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const namesOf = (role: Role, withFlows = false) =>
  needsOf(withTheirNeeds(readWorkspaces(root), ['cli']), partsOf(role, withFlows)).map(({ name }) => name);

it('a gateway has its recognition and no server, a server enrols faces and decodes no camera', () => {
  const [gateway, server] = [namesOf('gateway'), namesOf('server')];
  expect(gateway).toEqual(expect.arrayContaining(['onnxruntime-node', 'node-av', 'commander', 'mqtt']));
  expect(server).toEqual(
    expect.arrayContaining(['@electric-sql/pglite', 'aedes', 'commander', 'mqtt', 'sharp']),
  );
  expect(server).toContain('onnxruntime-node');
  for (const name of ['@electric-sql/pglite', 'aedes']) expect(gateway).not.toContain(name);
  expect(server).not.toContain('node-av');
});

it('photos come with the demo, Node-RED where it is asked for, and what browsers load with nothing', () => {
  expect(namesOf('gateway')).not.toContain('@vladmandic/face-api');
  expect(namesOf('all')).toEqual(expect.arrayContaining(['@vladmandic/face-api', 'aedes', 'node-av']));
  expect(namesOf('all')).not.toContain('node-red');
  expect(namesOf('all', true)).toContain('node-red');
  expect(namesOf('all', true)).not.toContain('react');
});
