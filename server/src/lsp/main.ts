/** Entry of the bundle that the VS Code client starts: the language server over IPC, or over `--stdio`, and its worker threads. */
import { isMainThread } from 'node:worker_threads';
import { serveFiles } from '../cli/worker.ts';
import { serve } from './server.ts';

if (isMainThread) void serve();
else serveFiles();
