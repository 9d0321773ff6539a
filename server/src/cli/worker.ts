/** The worker thread's side of `pool.ts`: opens the files of each message one after the other and sends back plain data. */
import { parentPort, workerData } from 'node:worker_threads';
import { createInspector, type FileTask } from './inspect.ts';

/** Answers each posted list of paths with their `FileResult`s until the pool ends the thread. */
export function serveFiles(): void {
  const port = parentPort;
  if (!port) return;
  const inspector = createInspector(workerData as FileTask);
  port.on('message', async (files: readonly string[]) => port.postMessage(files.map(await inspector)));
}
