/**
 * What every file of the project holds to, as functions from text to sentences, so that the tests can show that they fail on
 * bad input. docs/contributing.md says the same in prose.
 */
import type { SourceFile } from './sources.ts';
import { headComment, withoutCommentsAndStrings } from './text.ts';

const mostLines = 400;

/** Sentences about the shape of a TypeScript or script file. */
export function sourceProblems({ file, text }: SourceFile): readonly string[] {
  const problems: string[] = [];
  const head = headComment(text);
  const lines = text.split('\n').length - 1;
  if (!head) problems.push(`${file}: begins without a comment that says what it is`);
  if (lines > mostLines && !isTest(file) && !/Long because/.test(head ?? '')) {
    problems.push(`${file}: has ${lines} lines, and its head comment does not say "Long because …"`);
  }
  const code = withoutCommentsAndStrings(text);
  // A type follows its name without a blank, a ternary's branch does not.
  if (/(?<!\s):\s*any\b|<any\b|\bas\s+any\b|,\s*any>|\bany\[\]/.test(code)) problems.push(`${file}: uses the type any`);
  if (/\benum\s+\w+\s*\{|\bnamespace\s+\w+\s*\{/.test(code)) problems.push(`${file}: uses an enum or a namespace`);
  if (/@ts-(ignore|nocheck)/.test(text) && !isOwnCheck(file)) problems.push(`${file}: silences the type checker`);
  if (/(?<![.\w])console\./.test(code) && !mayPrint(file)) problems.push(`${file}: prints with console`);
  if (/\b(?:it|test|describe)\.(?:skip|only|todo)\b/.test(code)) problems.push(`${file}: skips or singles out a test`);
  return problems;
}

/** What the editor takes from outside. */
const entries: ReadonlySet<string> = new Set(['client/src/extension.ts']);

/** Sentences about functions, constants and classes that a file hands out and no other of `sources` names; tests are no such files. */
export function exportProblems(sources: readonly SourceFile[]): readonly string[] {
  const namedIn = new Map<string, number>();
  for (const { text } of sources) {
    for (const word of new Set(text.match(/\w+/g))) namedIn.set(word, (namedIn.get(word) ?? 0) + 1);
  }
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm)].flatMap(([, name = '']) =>
      namedIn.get(name) === 1 && !entries.has(file) && !isTest(file) ? [`${file}: exports ${name}, which no other file takes`] : [],
    ),
  );
}

const isTest = (file: string): boolean => file.startsWith('test/');
const isOwnCheck = (file: string): boolean => file.startsWith('test/support/tidy') || file === 'test/tidy.test.ts';
const mayPrint = (file: string): boolean => file.startsWith('scripts/') || file.startsWith('server/src/cli/') || isTest(file);

/** Sentences about any text file: blanks at line ends, a missing last line break, names of hosts and of folders of one machine. */
export function textProblems({ file, text }: SourceFile): readonly string[] {
  const problems: string[] = [];
  const trailing = text.split('\n').findIndex((line) => /[ \t]\r?$/.test(line));
  if (trailing >= 0 && !file.endsWith('.md')) problems.push(`${file}:${trailing + 1}: ends with a blank`);
  if (text !== '' && !text.endsWith('\n')) problems.push(`${file}: has no line break at its end`);
  const host = /\bregistry\.[a-z]+\.[a-z]|\bnpmjs\.|artifactory|verdaccio|_authToken/i.exec(text);
  if (host && !isOwnCheck(file)) problems.push(`${file}: names a package registry (${host[0]})`);
  const folder = /(?:^|[\s"'`(=])\/(?:work|root)\//m.exec(text);
  if (folder && !isOwnCheck(file)) problems.push(`${file}: names a folder of one machine (${folder[0].trim()})`);
  return problems;
}

/** Sentences about the dependencies of a package.json: exact versions, each with its line in docs/contributing.md. */
export function dependencyProblems(manifest: SourceFile, contributing: string): readonly string[] {
  const parsed: { dependencies?: Record<string, string>; devDependencies?: Record<string, string> } = JSON.parse(manifest.text);
  return Object.entries({ ...parsed.dependencies, ...parsed.devDependencies }).flatMap(([name, version]) => {
    const problems: string[] = [];
    if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`${manifest.file}: ${name} has no exact version (${version})`);
    const reason = contributing.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
    if (!reason || !/\|[^|]{10,}\|\s*$/.test(reason)) problems.push(`${manifest.file}: docs/contributing.md gives no reason for ${name}`);
    return problems;
  });
}

/** Sentences about a lock file: it must name no host, and nothing that it holds may run an install script. */
export function lockProblems({ file, text }: SourceFile): readonly string[] {
  const packages: Record<string, { resolved?: string; link?: boolean; integrity?: string }> = JSON.parse(text).packages ?? {};
  return Object.entries(packages).flatMap(([name, entry]) => {
    if (name === '' || entry.link || !name.includes('node_modules/')) return [];
    const problems: string[] = [];
    if (entry.resolved !== undefined) problems.push(`${file}: ${name} names where it comes from`);
    if (entry.integrity === undefined) problems.push(`${file}: ${name} has no checksum`);
    return problems;
  });
}

/** Sentences about rules without a page and pages without a rule. */
export function rulePageProblems(rules: readonly string[], pages: readonly string[]): readonly string[] {
  return [
    ...rules.filter((rule) => !pages.includes(`docs/rules/${rule}.md`)).map((rule) => `${rule}: has no page docs/rules/${rule}.md`),
    ...pages.filter((page) => !rules.includes(page.replace(/^docs\/rules\/|\.md$/g, ''))).map((page) => `${page}: belongs to no rule`),
  ];
}

/** Links of a Markdown page to files that do not exist; `files` are paths from the root. */
export function linkProblems({ file, text }: SourceFile, files: readonly string[]): readonly string[] {
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  return [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].flatMap(([, link = '']) => {
    const parts = folder === '' ? [] : folder.split('/');
    for (const part of link.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    const target = parts.join('/');
    return files.some((known) => known === target || known.startsWith(`${target}/`))
      ? []
      : [`${file}: links to ${link}, which does not exist`];
  });
}

/** Names of npm scripts in a Markdown page that the manifest does not have. */
export function scriptProblems({ file, text }: SourceFile, scripts: readonly string[]): readonly string[] {
  const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map((match) => match[1] ?? match[2] ?? '');
  return named.filter((name) => !scripts.includes(name)).map((name) => `${file}: names the npm script ${name}, which does not exist`);
}
