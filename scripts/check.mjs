/** `npm run check`: format and lint by Biome, types by `tsc -b`. Nothing is written but the type cache. */
import { ensureInstalled, runNode, tool } from './project.mjs';

ensureInstalled();
const lint = runNode([tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']);
const types = runNode([tool('typescript/bin/tsc'), '-b']);
process.exit(lint || types);
