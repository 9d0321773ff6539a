/** Entry of the bundle that the VS Code client starts: the language server over IPC, or over `--stdio`. */
import { serve } from './server.ts';

void serve();
