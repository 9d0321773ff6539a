/**
 * Holds the arrows of docs/architecture.md: no folder imports one that it must not know, the core touches neither the editor
 * nor the machine, and the simulation page knows the protocol alone.
 */
import { describe, expect, it } from 'vitest';
import { boundaryProblems, importsOf } from './support/boundary.ts';
import { sourceFiles } from './support/sources.ts';

const problems = (file: string, text: string): readonly string[] => boundaryProblems({ file, text });

describe('the sources', () => {
  const files = sourceFiles('server/src', 'client');

  it('are found', () => {
    expect(files.map(({ file }) => file)).toContain('server/src/kernel/version.ts');
  });

  it('import only what their folder may know', () => {
    expect(files.flatMap(boundaryProblems)).toEqual([]);
  });
});

describe('the checker', () => {
  it('reads every form of import', () => {
    const text = `import a from './a.ts';\nimport type { B } from "../b/b.ts";\nexport * from './c.ts';\nimport './d.ts';
import {\n  E,\n} from './e.ts';\nconst f = await import('./f.ts');\nconst g = require('node:fs');\n// import h from './h.ts';`;
    expect(importsOf(text)).toEqual(['./a.ts', '../b/b.ts', './c.ts', './d.ts', './e.ts', './f.ts', 'node:fs']);
  });

  it('refuses an arrow that runs backwards', () => {
    expect(problems('server/src/syntax/parse.ts', `import { x } from '../driver/model.ts';`)).toEqual([
      'server/src/syntax/parse.ts: syntax must not know driver (../driver/model.ts)',
    ]);
    expect(problems('server/src/mm/vma.ts', `import type { Ast } from '../syntax/ast.ts';`)).toHaveLength(1);
    expect(problems('server/src/rules/a.ts', `import { analyse } from '../analysis/analyse.ts';`)).toEqual([]);
  });

  it('refuses a folder that it does not know', () => {
    expect(problems('server/src/misc/a.ts', '')).toEqual(['server/src/misc/a.ts: the folder misc has no row in the table of folders']);
  });

  it('refuses packages, Node modules, the clock and the environment in the core', () => {
    expect(problems('server/src/ide/a.ts', `import { Hover } from 'vscode-languageserver';`)).toHaveLength(1);
    expect(problems('server/src/kernel/a.ts', `import fs from 'node:fs';`)).toHaveLength(1);
    expect(problems('server/src/kernel/a.ts', `import fs from 'fs';`)).toHaveLength(1);
    for (const use of ['Date.now()', 'new Date()', 'performance.now()', 'process.env.HOME', 'Math.random()', 'setTimeout(f, 1)']) {
      expect(problems('server/src/mm/a.ts', `const x = ${use};`), use).toHaveLength(1);
    }
    expect(problems('server/src/mm/a.ts', '// Math.random() is not used\nconst text = "performance.now()";')).toEqual([]);
    expect(problems('server/src/cli/a.ts', `import fs from 'node:fs';\nconst t = performance.now();`)).toEqual([]);
  });

  it('lets only the programs read the manifest of the server', () => {
    const text = `import manifest from '../../package.json' with { type: 'json' };`;
    expect(problems('server/src/host/a.ts', text)).toEqual([]);
    expect(problems('server/src/ide/a.ts', text)).toEqual(['server/src/ide/a.ts: ide must stay inside server/src (../../package.json)']);
  });

  it('lets the syntax folder alone use the parser', () => {
    expect(problems('server/src/syntax/a.ts', `import { Parser } from 'web-tree-sitter';`)).toEqual([]);
    expect(problems('server/src/driver/a.ts', `import { Parser } from 'web-tree-sitter';`)).toHaveLength(1);
  });

  it('lets the client and the view import the protocol alone', () => {
    expect(problems('client/view/src/a.tsx', `import type { Trace } from '../../../server/src/protocol/trace.ts';`)).toEqual([]);
    expect(problems('client/view/src/a.tsx', `import { x } from '../../../server/src/mm/vma.ts';`)).toHaveLength(1);
    expect(problems('client/view/src/a.tsx', `import * as vscode from 'vscode';`)).toHaveLength(1);
    expect(problems('client/view/src/a.tsx', `import { x } from '../../src/panel.ts';`)).toHaveLength(1);
    expect(problems('client/src/a.ts', `import { x } from '../../server/src/ide/hover.ts';`)).toHaveLength(1);
    expect(problems('client/src/a.ts', `import * as vscode from 'vscode';`)).toEqual([]);
  });

  it('keeps the protocol of the editor in one folder of the client, which takes types alone from its package', () => {
    const inside = 'client/src/language-client/a.ts';
    expect(problems(inside, `import { ResponseError } from 'vscode-jsonrpc/node';`)).toEqual([]);
    expect(problems(inside, `import type { Hover } from 'vscode-languageserver-protocol';`)).toEqual([]);
    expect(problems(inside, `import { SymbolKind } from 'vscode-languageserver-protocol';`)).toHaveLength(1);
    expect(problems(inside, `import { x } from '../status.ts';`)).toHaveLength(1);
    expect(problems('client/src/status.ts', `import { ResponseError } from 'vscode-jsonrpc/node';`)).toHaveLength(1);
    expect(problems('client/src/status.ts', `import { LanguageSession } from './language-client/session.ts';`)).toHaveLength(1);
    expect(problems('client/src/server-connection.ts', `import { LanguageSession } from './language-client/session.ts';`)).toEqual([]);
  });
});
