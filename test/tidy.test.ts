/** Holds every file of the project to docs/contributing.md, and shows that each check can fail. */
import { describe, expect, it } from 'vitest';
import { projectFiles, readProjectFile, sourceFiles } from './support/sources.ts';
import {
  dependencyProblems,
  exportProblems,
  linkProblems,
  lockProblems,
  rulePageProblems,
  scriptProblems,
  sourceProblems,
  textProblems,
} from './support/tidy.ts';

const files = projectFiles();
const read = (file: string) => ({ file, text: readProjectFile(file) });
const textNames = /\.(ts|tsx|mjs|json|md|css|c|h|mmapsim|html|yml)$|(^|\/)\.(npmrc|gitignore|vscodeignore)$|^\.ci\/run$|^LICENSE$/;
const isRecording = (file: string): boolean => /\/recordings\/|^test\/fixtures\//.test(file);
const textFiles = files.filter((file) => textNames.test(file) && !isRecording(file)).map(read);
const pages = files.filter((file) => file.endsWith('.md') && !isRecording(file)).map(read);
const manifest: { scripts: Record<string, string> } = JSON.parse(readProjectFile('package.json'));

describe('the project', () => {
  it('is seen', () => {
    expect(textFiles.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['.npmrc', 'package.json', 'README.md', 'examples/ring-buffer.c']),
    );
  });

  it('has tidy sources', () => {
    expect(sourceFiles('server', 'client', 'scripts', 'generate', 'test').flatMap(sourceProblems)).toEqual([]);
  });

  it('exports what another file takes', () => {
    expect(exportProblems(sourceFiles('server', 'client', 'scripts', 'generate', 'test'))).toEqual([]);
  });

  it('has tidy texts', () => {
    expect(textFiles.flatMap(textProblems)).toEqual([]);
  });

  it('gives a reason for each dependency', () => {
    const contributing = readProjectFile('docs/contributing.md');
    const manifests = ['package.json', 'server/package.json', 'test/e2e/host/package.json'];
    expect(manifests.flatMap((file) => dependencyProblems(read(file), contributing))).toEqual([]);
  });

  it('locks its dependencies without naming a host', () => {
    expect(['package-lock.json', 'test/e2e/host/package-lock.json'].flatMap((file) => lockProblems(read(file)))).toEqual([]);
  });

  it('links to files that exist and names scripts that exist', () => {
    expect(pages.flatMap((page) => linkProblems(page, files))).toEqual([]);
    expect(pages.flatMap((page) => scriptProblems(page, Object.keys(manifest.scripts)))).toEqual([]);
  });

  it('gives the extension, the server package and the lock file one version', () => {
    const versions = ['package.json', 'server/package.json', 'package-lock.json'].map((file) => JSON.parse(readProjectFile(file)).version);
    expect(new Set(versions).size).toBe(1);
    expect(readProjectFile('CHANGELOG.md')).toContain(`## ${versions[0]}`);
  });
});

describe('the checks', () => {
  const source = (text: string, file = 'server/src/mm/a.ts') => sourceProblems({ file, text });

  it('find untidy sources', () => {
    expect(source('/** What it is. */\nexport const a = 1;\n')).toEqual([]);
    expect(source('export const a = 1;\n')).toHaveLength(1);
    expect(source('/** A. */\nconst a: any = 1;\n')).toHaveLength(1);
    expect(source('/** A. */\nconst a = b as any;\n')).toHaveLength(1);
    expect(source('/** A. */\nconst a: Map<string, any> = b;\n')).toHaveLength(1);
    expect(source('/** A. */\nconst any = b ? 1 : any; // for any reason: any\n')).toEqual([]);
    expect(source('/** A. */\nenum A { B }\n')).toHaveLength(1);
    expect(source('/** A. */\nconsole.log(1);\n')).toHaveLength(1);
    expect(source('/** A. */\nconsole.log(1);\n', 'server/src/cli/a.ts')).toEqual([]);
    expect(source('/** A. */\n// @ts-ignore\n')).toHaveLength(1);
    expect(source('/** A. */\nit.only("b", () => {});\n', 'test/a.test.ts')).toHaveLength(1);
  });

  it('find long files that give no reason', () => {
    const body = 'x();\n'.repeat(400);
    expect(source(`/** A. */\n${body}`)).toHaveLength(1);
    expect(source(`/** A. Long because it is one table. */\n${body}`)).toEqual([]);
  });

  it('find exports that nobody takes', () => {
    const a = { file: 'a.ts', text: 'export const left = 1;\nexport function right() {}\n' };
    expect(exportProblems([a, { file: 'b.ts', text: "import { left, right } from './a.ts';\n" }])).toEqual([]);
    expect(exportProblems([a, { file: 'b.ts', text: "import { left } from './a.ts';\n" }])).toHaveLength(1);
  });

  it('find untidy texts', () => {
    const text = (content: string, file = 'a.json') => textProblems({ file, text: content });
    expect(text('{}\n')).toEqual([]);
    expect(text('{} \n')).toHaveLength(1);
    expect(text('{}')).toHaveLength(1);
    expect(text('https://registry.example.org/a\n')).toHaveLength(1);
    expect(text('see /root/a\n')).toHaveLength(1);
  });

  it('find dependencies without a reason or an exact version', () => {
    const problems = (json: object, page: string) => dependencyProblems({ file: 'package.json', text: JSON.stringify(json) }, page);
    expect(problems({ dependencies: { a: '1.2.3' } }, '| `a` | 1.2.3 | does what we need |\n')).toEqual([]);
    expect(problems({ dependencies: { a: '^1.2.3' } }, '| `a` | 1.2.3 | does what we need |\n')).toHaveLength(1);
    expect(problems({ devDependencies: { a: '1.2.3' } }, '')).toHaveLength(1);
  });

  it('find hosts and missing checksums in lock files', () => {
    const problems = (entry: object) =>
      lockProblems({ file: 'a', text: JSON.stringify({ packages: { '': {}, 'node_modules/a': entry } }) });
    expect(problems({ integrity: 'sha512-x' })).toEqual([]);
    expect(problems({ integrity: 'sha512-x', resolved: 'https://example.org/a.tgz' })).toHaveLength(1);
    expect(problems({})).toHaveLength(1);
  });

  it('find rules without pages and pages without rules', () => {
    expect(rulePageProblems(['a'], ['docs/rules/a.md'])).toEqual([]);
    expect(rulePageProblems(['a'], ['docs/rules/b.md'])).toHaveLength(2);
  });

  it('find broken links and unknown scripts', () => {
    const page = { file: 'docs/a.md', text: '[b](b.md) [c](../c.md#part) [d](https://example.org) `npm run build` `npm test`' };
    expect(linkProblems(page, ['docs/b.md', 'c.md'])).toEqual([]);
    expect(linkProblems(page, ['docs/b.md'])).toHaveLength(1);
    expect(scriptProblems(page, ['build', 'test'])).toEqual([]);
    expect(scriptProblems(page, ['test'])).toHaveLength(1);
  });
});
