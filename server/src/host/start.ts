/**
 * What Node is started with: runs the program that the build puts beside it (`cli.cjs` runs `cli-program.cjs`) with the compiled code of
 * earlier runs. The program's `__filename` is this file, so that its threads begin here too. Knows nothing of the program but its uses.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { optimiseLate } from './engine.ts';
import { codeFolder, compileKept, idle } from './kept-code.ts';

/** The first words of the command line that run much; `server` is the language server that an editor starts without a word. */
const uses = ['check', 'handlers', 'lsp', 'simulate', 'test'];
/** They run one thing for long, which V8's own measure serves best. */
const simulations = ['simulate', 'test'];

const name = path.basename(__filename, '.cjs');
const program = path.join(__dirname, `${name}-program.cjs`);
const use = isMainThread ? (name === 'server' ? name : uses.find((each) => each === process.argv[2])) : 'check';
if (use && !simulations.includes(use)) optimiseLate();

// The build writes ASCII alone.
const source = readFileSync(program, 'latin1');
const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
const { script, keep } = compileKept(wrapped, program, use ?? '', use && codeFolder());
idle.subscribe(keep);
if (isMainThread) process.on('exit', keep);

const module_ = { exports: {} };
script.runInThisContext()(module_.exports, createRequire(__filename), module_, __filename, __dirname);
