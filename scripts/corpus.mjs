/**
 * `npm run corpus -- [PROGRAM] PATH…`: measures us against trees of C files. The programs are those of test/corpus/ whose head comment
 * says so; without one, the nodes that the parser does not understand are counted.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';
import { runTypeScript } from './run-typescript.mjs';

const [first = '', ...rest] = process.argv.slice(2);
const program = `test/corpus/${first}.ts`;
const named = /^[\w-]+$/.test(first) && existsSync(path.join(root, program));
process.exit(await (named ? runTypeScript(program, rest) : runTypeScript('test/corpus/error-nodes.ts', process.argv.slice(2))));
