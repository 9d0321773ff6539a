/**
 * The table of who may know whom, and the check of a source file against it. Works on text and file names alone, so that
 * the tests can show that it fails on bad input.
 */
import path from 'node:path';
import type { SourceFile } from './sources.ts';
import { withoutCommentsAndStrings } from './text.ts';

/** What each folder of server/src may import besides itself: the arrows of docs/architecture.md. */
const mayKnow: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  kernel: [],
  syntax: ['protocol'],
  driver: ['syntax', 'kernel', 'protocol'],
  execution: ['syntax', 'kernel', 'protocol'],
  services: ['execution', 'syntax', 'kernel', 'protocol'],
  analysis: ['services', 'execution', 'driver', 'syntax', 'kernel', 'protocol'],
  mm: ['kernel', 'protocol'],
  simulation: ['mm', 'services', 'execution', 'driver', 'syntax', 'kernel', 'protocol'],
  rules: ['analysis', 'execution', 'driver', 'syntax', 'kernel', 'protocol'],
  ide: ['rules', 'simulation', 'analysis', 'mm', 'services', 'execution', 'driver', 'syntax', 'kernel', 'protocol'],
  host: ['driver', 'syntax', 'kernel', 'protocol'],
  lsp: ['*'],
  cli: ['*'],
};

/** Folders that may touch the machine and the editor's packages. */
const shells: readonly string[] = ['host', 'lsp', 'cli'];

/** Packages that one core folder may use. */
const corePackages: Readonly<Record<string, readonly string[]>> = { syntax: ['web-tree-sitter'] };

/** Packages of the client, of its part that speaks to the server, and of the view. */
const clientPackages = ['vscode', 'node:path', 'node:crypto'];
const languageClientPackages = ['vscode', 'vscode-jsonrpc/node', 'vscode-languageserver-protocol', 'node:child_process', 'node:readline'];
const viewPackages = ['preact', 'preact/hooks'];

/** What speaks to the server, and the one file that uses it. */
const languageClient = 'client/src/language-client/';
const languageClientUser = 'client/src/server-connection.ts';

/** Packages that give the client types and no code: they would not fit into it. */
const typesAlone = ['vscode-languageserver-protocol'];

const machine =
  /\b(Date\.now|new Date\b|performance\.|process\.(?:env|argv|cwd|platform|arch|hrtime|stdin|stdout|stderr|memoryUsage|nextTick|uptime)\b|Math\.random|setTimeout|setInterval|setImmediate|globalThis\.)/;

/** The module names that a source text imports, in the order of the text. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const pattern =
    /(?:^|[;\n])\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|[;\n])\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Sentences about each import or use in `source` that its place forbids. */
export function boundaryProblems(source: SourceFile): readonly string[] {
  if (source.file.startsWith('server/src/')) return serverProblems(source);
  if (source.file.startsWith('client/view/')) return pageProblems(source, 'client/view/', viewPackages);
  if (source.file.startsWith(languageClient))
    return [...pageProblems(source, languageClient, languageClientPackages), ...codeOfTypes(source)];
  if (source.file.startsWith('client/src/')) return [...pageProblems(source, 'client/src/', clientPackages), ...languageClientUses(source)];
  return [];
}

/** Imports of more than types from packages of which only types are wanted. */
function codeOfTypes({ file, text }: SourceFile): readonly string[] {
  return importsOf(text.replace(/\bimport\s+type\b[^;'"]*['"][^'"]+['"]/g, ''))
    .filter((name) => typesAlone.includes(name))
    .map((name) => `${file}: must import types alone from ${name}`);
}

function languageClientUses({ file, text }: SourceFile): readonly string[] {
  if (file === languageClientUser) return [];
  const targets = importsOf(text).map((name) => path.posix.join(path.posix.dirname(file), name));
  return targets.filter((target) => target.startsWith(languageClient)).map((target) => `${file}: must not know ${target}`);
}

function serverProblems({ file, text }: SourceFile): readonly string[] {
  const folder = file.split('/')[2] ?? '';
  const known = mayKnow[folder];
  if (!known) return [`${file}: the folder ${folder} has no row in the table of folders`];
  const problems: string[] = [];
  for (const name of importsOf(text)) {
    if (name.startsWith('.')) {
      const whole = path.posix.join(path.posix.dirname(file), name);
      if (shells.includes(folder) && whole === 'server/package.json') continue;
      const target = whole.split('/');
      const inside = target[0] === 'server' && target[1] === 'src' ? target[2] : undefined;
      if (inside === undefined) problems.push(`${file}: ${folder} must stay inside server/src (${name})`);
      else if (inside !== folder && !known.includes(inside) && !known.includes('*'))
        problems.push(`${file}: ${folder} must not know ${inside} (${name})`);
    } else if (!shells.includes(folder) && !corePackages[folder]?.includes(name)) {
      problems.push(`${file}: ${folder} must not import the package ${name}`);
    }
  }
  if (!shells.includes(folder)) {
    const use = machine.exec(withoutCommentsAndStrings(text));
    if (use) problems.push(`${file}: the core must not use ${use[0]}`);
  }
  return problems;
}

function pageProblems({ file, text }: SourceFile, own: string, packages: readonly string[]): readonly string[] {
  return importsOf(text).flatMap((name) => {
    if (!name.startsWith('.')) return packages.includes(name) ? [] : [`${file}: must not import the package ${name}`];
    const target = path.posix.join(path.posix.dirname(file), name);
    return target.startsWith(own) || target.startsWith('server/src/protocol/') ? [] : [`${file}: must not know ${target}`];
  });
}
