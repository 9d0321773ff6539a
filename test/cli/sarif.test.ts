/** Holds what `check --format sarif` prints to the standard: TypeScript compares every property with the types of SARIF 2.1.0. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root, run } from './run-cli.ts';

// Inside of the project, where the types of the standard are found.
const scratch = path.join(root, 'dist/sarif-test');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What TypeScript says against a text of JSON as a SARIF log; empty when it is one. */
function objections(json: string): string {
  mkdirSync(scratch, { recursive: true });
  const file = path.join(scratch, 'log.ts');
  writeFileSync(file, `import type { Log } from 'sarif';\nexport const log: Log = ${json};\n`);
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck', file];
  const { stdout, error } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return error ? error.message : stdout;
}

it('prints logs of the standard', () => {
  const { stdout } = run('check', path.join(root, 'examples'), '--format', 'sarif', '--possible');
  expect(JSON.parse(stdout).runs[0].results.length).toBeGreaterThan(10);
  expect(objections(stdout)).toBe('');
  expect(objections(stdout.replaceAll('"startLine"', '"line"'))).toContain("does not exist in type 'Region'");
  expect(objections(stdout.replaceAll('"level": "error"', '"level": "bad"'))).toContain('"bad"');
});
