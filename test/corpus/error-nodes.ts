/**
 * Counts the ERROR and MISSING nodes that are left in the drivers' trees, and those inside functions that get a mapping. Run by
 * `npm run corpus -- PATH… [--all] [--list]`: without `--all` only files that mention a mapping are read; `--list` names each node.
 */
import type { Tree } from 'web-tree-sitter';
import type { Grammar } from '../../server/src/syntax/grammar.ts';
import { mask } from '../../server/src/syntax/mask/mask.ts';
import { scan } from '../../server/src/syntax/scan.ts';
import { testGrammar, testTarget } from '../support/grammar.ts';
import { readSource, sourcesAt } from './sources.ts';

const roots = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const all = process.argv.includes('--all');
const list = process.argv.includes('--list');

const mapping = /mmap|vm_area_struct|vm_fault/;
const mappingParameter = /\bstruct\s+(vm_area_struct|vm_fault|vm_area_desc)\s*\*/;

interface Count {
  raw: number;
  masked: number;
  inHandlers: number;
}

const grammar = await testGrammar();
const total: Count = { raw: 0, masked: 0, inHandlers: 0 };
let files = 0;
let handlers = 0;
let maskTime = 0;

if (roots.length === 0) {
  process.stderr.write('Name at least one folder or C file.\n');
  process.exit(2);
}
for (const root of roots) {
  for (const file of sourcesAt(root)) {
    if (!file.endsWith('.c')) continue;
    const text = readSource(file);
    if (all || mapping.test(text)) countFile(grammar, file, text);
  }
}
process.stdout.write(
  `${files} files, ${handlers} functions with a mapping parameter\n` +
    `ERROR and MISSING nodes: ${total.masked} (${total.raw} without the mask), ${total.inHandlers} of them in those functions\n` +
    `scan and mask: ${(maskTime / Math.max(1, files)).toFixed(2)} ms a file\n`,
);

function countFile(by: Grammar, file: string, text: string): void {
  files++;
  const raw = by.parser.parse(text);
  if (raw) total.raw += errorNodes(raw).length;
  raw?.delete();
  const started = performance.now();
  const masked = mask(scan(text, testTarget)).text;
  maskTime += performance.now() - started;
  const tree = by.parser.parse(masked);
  if (!tree) return;
  const spans = handlerSpans(tree, text);
  handlers += spans.length;
  for (const { start, kind } of errorNodes(tree)) {
    total.masked++;
    const inHandler = spans.some((span) => start >= span.start && start < span.end);
    if (inHandler) total.inHandlers++;
    if (list) process.stdout.write(`${file}:${text.slice(0, start).split('\n').length}: ${kind}${inHandler ? ' in a handler' : ''}\n`);
  }
  tree.delete();
}

function errorNodes(tree: Tree): { readonly start: number; readonly kind: string }[] {
  const found: { readonly start: number; readonly kind: string }[] = [];
  if (!tree.rootNode.hasError) return found;
  const cursor = tree.walk();
  for (;;) {
    const node = cursor.currentNode;
    if (node.isError || node.isMissing) found.push({ start: node.startIndex, kind: node.isError ? 'ERROR' : `MISSING ${node.type}` });
    if (node.hasError && cursor.gotoFirstChild()) continue;
    let more = cursor.gotoNextSibling();
    while (!more && cursor.gotoParent()) more = cursor.gotoNextSibling();
    if (!more) break;
  }
  cursor.delete();
  return found;
}

/** The definitions whose header, in the source as written, names a vma, vmf or vm_area_desc pointer. */
function handlerSpans(tree: Tree, text: string): { readonly start: number; readonly end: number }[] {
  return tree.rootNode.descendantsOfType('function_definition').flatMap((node) => {
    const bodyStart = node.childForFieldName('body')?.startIndex ?? node.endIndex;
    return mappingParameter.test(text.slice(node.startIndex, bodyStart)) ? [{ start: node.startIndex, end: node.endIndex }] : [];
  });
}
