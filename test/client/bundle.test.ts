/** The bundle of the VS Code client: small, because each window reads it, and complete, because nothing is installed beside it. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const bundle = readFileSync(path.join(import.meta.dirname, '../../dist/extension.cjs'), 'utf8');
/** Bytes. */
const largest = 130_000;

describe('dist/extension.cjs', () => {
  it('is small', () => {
    expect(Buffer.byteLength(bundle)).toBeLessThan(largest);
  });

  it('loads the editor and modules of Node alone', () => {
    const loaded = new Set([...bundle.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map(([, name = '']) => name.replace(/^node:/, '')));
    expect(loaded).toContain('vscode');
    expect([...loaded].filter((name) => name !== 'vscode' && !builtinModules.includes(name))).toEqual([]);
  });
});
