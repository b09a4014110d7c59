import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folderAndName } from './folder-first.ts';

const place = mkdtempSync(join(tmpdir(), 'folder first-'));
const server = join(place, 'a server');
mkdirSync(server);
writeFileSync(join(server, 'server.yaml'), '');
afterAll(() => rmSync(place, { recursive: true }));

const anna = (isOldOrder: boolean, folder = server) => ({ folder, name: 'anna', isOldOrder });

describe('the folder and the name of a command line', () => {
  it('are taken in this order, and in that of earlier versions where only the second is a server', () => {
    expect(folderAndName(server, 'anna')).toEqual(anna(false));
    expect(folderAndName('anna', server)).toEqual(anna(true));
    expect(folderAndName(server, server)).toMatchObject({ folder: server, isOldOrder: false });
  });
  it('where neither is a server the one that is written as a path is the folder, else the first', () => {
    const nowhere = join(place, 'nowhere');
    expect(folderAndName(nowhere, 'anna')).toEqual(anna(false, nowhere));
    expect(folderAndName('anna', nowhere)).toEqual(anna(true, nowhere));
    expect(folderAndName('anna', '.')).toEqual(anna(true, '.'));
    expect(folderAndName('nowhere', 'anna')).toEqual(anna(false, 'nowhere'));
  });
});
