/**
 * `npm run corpus -- [PROGRAM] PATH…`: measures us against trees of C files. The programs are those of test/corpus/ whose head comment
 * says so; without one, the nodes that the parser does not understand are counted, and the findings are held to those that were judged.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { orExit, root } from './project.mjs';
import { runTypeScript } from './run-typescript.mjs';

const arguments_ = process.argv.slice(2);
const [first = '', ...rest] = arguments_;
const program = `test/corpus/${first}.ts`;
if (/^[\w-]+$/.test(first) && existsSync(path.join(root, program))) process.exit(await runTypeScript(program, rest));
orExit(await runTypeScript('test/corpus/error-nodes.ts', arguments_));
await build();
for (const start of arguments_.filter((argument) => !argument.startsWith('--')))
  orExit(await runTypeScript('test/corpus/findings.ts', [start]));
