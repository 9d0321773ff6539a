/** The worker thread's side of `pool.ts`: opens one file after the other and sends back plain data. */
import { parentPort, workerData } from 'node:worker_threads';
import { createInspector, type FileTask } from './inspect.ts';

/** Answers each posted path with its `FileResult` until the pool ends the thread. */
export function serveFiles(): void {
  const port = parentPort;
  if (!port) return;
  const inspector = createInspector(workerData as FileTask);
  port.on('message', async (file: string) => port.postMessage((await inspector)(file)));
}
