/** Runs one task over many files in worker threads, and gives the results in the order of the files. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { growAsUsual, optimiseForThreads, optimiseLate } from '../host/engine.ts';
import { UsageError } from './command.ts';
import { createInspector, type FileResult, type FileTask } from './inspect.ts';

/** Below this many files a thread costs more than it saves. */
const filesWorthAThread = 24;
/** Files that a worker is given at a time, and how many such messages ahead, so that it never waits for the main thread. */
const filesAtOnce = 8;
const ahead = 2;

/** The number of threads that `--jobs` asks for. */
export function jobsOf(given: string | undefined): number {
  if (given === undefined) return availableParallelism();
  const jobs = Number(given);
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError(`--jobs takes a whole number from 1, not ${given}.`);
  return jobs;
}

export interface PoolOptions {
  /** Never work in the thread of the caller, which has others to answer. */
  readonly aside?: boolean;
  /** Ends the work; the results of the files that were not ready are absent. */
  readonly signal?: AbortSignal;
}

/** Inspects every file; `done` is told how many are ready, for progress, and the one that has become so. */
export async function inspectAll(
  files: readonly string[],
  task: FileTask,
  jobs: number,
  done: (count: number, result: FileResult) => void,
  { aside = false, signal }: PoolOptions = {},
): Promise<readonly FileResult[]> {
  const threads = Math.min(jobs, Math.ceil(files.length / filesWorthAThread));
  if (threads <= 1 && !aside) {
    const inspect = await createInspector(task);
    return files.map((file, index) => {
      const result = inspect(file);
      done(index + 1, result);
      return result;
    });
  }
  // The server holds its memory; threads that begin with as little as they do would be held there.
  if (aside) growAsUsual();
  const results = new Array<FileResult>(files.length);
  const indexOf = new Map(files.map((file, index) => [file, index]));
  const batches = batchesOf(files);
  let ready = 0;
  await Promise.all(Array.from({ length: threads }, () => runWorker()));
  if (!aside) optimiseLate();
  return results.filter((result) => result !== undefined);

  function runWorker(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(__filename, { workerData: task });
      let open = 0;
      let batch: string[] = [];
      const feed = () => {
        while (open < ahead) {
          if (batch.length === 0) batch = batches.pop() ?? [];
          if (batch.length === 0) break;
          worker.postMessage(batch.splice(0, filesAtOnce));
          open++;
        }
        if (open === 0) void worker.terminate().then(() => resolve());
      };
      worker.on('message', (inspected: readonly FileResult[]) => {
        // The threads have read their program by now, which is kept by the flags of before.
        if (!aside) optimiseForThreads();
        open--;
        for (const result of inspected) {
          const index = indexOf.get(result.file);
          if (index !== undefined) results[index] = result;
          if (signal?.aborted) return;
          done(++ready, result);
        }
        feed();
      });
      worker.on('error', reject);
      const stop = () => void worker.terminate().then(() => resolve());
      if (signal?.aborted) return stop();
      signal?.addEventListener('abort', stop, { once: true });
      feed();
    });
  }
}

/** Files of a folder at most that one worker takes at a time. */
const largestBatch = 64;

/** The files by folder, largest batches last: one worker reads the headers that the files of a folder share, once for all of them. */
function batchesOf(files: readonly string[]): string[][] {
  const folders = new Map<string, string[][]>();
  for (const file of files) {
    const folder = path.dirname(file);
    const batches = folders.get(folder) ?? [];
    folders.set(folder, batches);
    const last = batches.at(-1);
    if (last && last.length < largestBatch) last.push(file);
    else batches.push([file]);
  }
  return [...folders.values()].flat().sort((left, right) => left.length - right.length);
}
