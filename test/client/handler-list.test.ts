/** What a search for handlers tells when the Linux version changes while it runs: the list is of the version that is set last. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HandlerList } from '../../client/src/handler-list.ts';
import type { ServerConnection } from '../../client/src/server-connection.ts';
import { editor } from '../support/vscode.ts';

const folders = ['file:///drivers'];
const fileOf = (name: string) => ({ uri: `file:///drivers/${name}.c`, handlers: [] });

/** A server that answers a search when the test says so. */
function slowServer() {
  const searches: ((names: readonly string[]) => void)[] = [];
  const server = {
    state: 'running',
    onDidChangeState: () => ({ dispose: () => undefined }),
    requestWithProgress: () =>
      new Promise((resolve) => {
        searches.push((names) => resolve({ files: names.map(fileOf), cancelled: false }));
      }),
  };
  return { server: server as unknown as ServerConnection, searches };
}

const { server, searches } = slowServer();
let list: HandlerList;
beforeEach(() => {
  searches.length = 0;
  list = new HandlerList(server);
  list.watch(true);
});
afterEach(() => list.dispose());

const shown = () => [...list.files].map(({ uri }) => uri.replace(/^.*\//, ''));
const setKernel = (kernelVersion: string) => editor.set({ 'driverMmap.kernelVersion': kernelVersion });

it('searches again when the version changes while a search runs', async () => {
  const first = list.search(folders);
  setKernel('6.1');
  expect(searches).toHaveLength(2);
  searches[0]?.(['bell']);
  await first;
  searches[1]?.(['bell', 'chime']);
  await expect.poll(shown).toEqual(['bell.c', 'chime.c']);
});

it('does not go back to the answer of an older search', async () => {
  const first = list.search(folders);
  setKernel('5.4');
  searches[1]?.(['bell', 'chime']);
  await expect.poll(shown).toEqual(['bell.c', 'chime.c']);
  searches[0]?.(['bell']);
  expect(await first).toBe(0);
  expect(shown()).toEqual(['bell.c', 'chime.c']);
});
