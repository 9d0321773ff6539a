/** Compiled code that is kept: it is taken back, and whatever is wrong with it only costs the time to compile. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeFolder, compileKept } from '../../server/src/host/kept-code.ts';

const source = '(function (count) { return [...Array(count).keys()].map((each) => each * 2); })';
const program = path.join(import.meta.dirname, '../../server/dist/cli.cjs');
const driver = path.join(import.meta.dirname, '../../examples/ring-buffer.c');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kept-code-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const compile = (text = source, use = 'check') => compileKept(text, 'program.cjs', use, folder);
const answer = ({ script }: ReturnType<typeof compile>): unknown => script.runInThisContext()(3);

/** Compiles, runs and keeps once; the file that is then there. */
function kept(): string {
  const first = compile();
  expect(answer(first)).toEqual([0, 2, 4]);
  first.keep();
  const [name, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  return path.join(folder, name ?? 'none');
}

describe('kept code', () => {
  it('is taken by the next run of the same program and use', () => {
    expect(compile().script.cachedDataRejected).toBeUndefined();
    kept();
    const second = compile();
    expect(second.script.cachedDataRejected).toBe(false);
    expect(answer(second)).toEqual([0, 2, 4]);
    expect(compile(source, 'simulate').script.cachedDataRejected).toBeUndefined();
  });

  it('is not taken by a program of the same length that says something else', () => {
    kept();
    const other = compile(source.replace('* 2', '* 3'));
    expect(other.script.cachedDataRejected).toBeUndefined();
    expect(answer(other)).toEqual([0, 3, 6]);
  });

  it('is not taken when a byte of it is another, or when it is cut', () => {
    const file = kept();
    const bytes = readFileSync(file);
    for (const broken of [bytes.map((byte, index) => (index === 100 ? byte ^ 1 : byte)), bytes.subarray(0, 90), bytes.subarray(0, 3)]) {
      writeFileSync(file, broken);
      const again = compile();
      expect(again.script.cachedDataRejected).toBeUndefined();
      expect(answer(again)).toEqual([0, 2, 4]);
    }
  });

  it.skipIf(process.platform === 'win32')('is not taken from a file that others may write', () => {
    const file = kept();
    chmodSync(file, 0o622);
    expect(compile().script.cachedDataRejected).toBeUndefined();
  });

  it('is written again by a run that found it broken, and is not when nothing came to it', () => {
    const file = kept();
    writeFileSync(file, 'broken');
    compile().keep();
    expect(compile().script.cachedDataRejected).toBe(false);
    const written = readFileSync(file);
    writeFileSync(file, Buffer.concat([written]));
    const second = compile();
    rmSync(file);
    second.keep();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not needed: a folder that cannot be written is passed over', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const inFile = compileKept(source, 'program.cjs', 'check', path.join(file, 'code'));
    inFile.keep();
    expect(answer(inFile)).toEqual([0, 2, 4]);
  });

  it('leaves only a few files', () => {
    for (let use = 0; use < 15; use++) compile(source, `use${use}`).keep();
    expect(readdirSync(folder)).toHaveLength(12);
  });
});

describe('the folder of kept code', () => {
  it('is what the variable says, else among the caches of the user', () => {
    expect(codeFolder({ DRIVER_MMAP_CODE_CACHE: 'off' })).toBeUndefined();
    expect(codeFolder({ DRIVER_MMAP_CODE_CACHE: '/caches/own' })).toBe(path.resolve('/caches/own'));
    expect(codeFolder({ XDG_CACHE_HOME: '/caches' })).toBe(path.join('/caches', 'driver-mmap', 'code'));
    expect(codeFolder({ HOME: '/home/somebody' })).toContain('driver-mmap');
  });
});

describe('the command line', () => {
  const run = (cache: string) => {
    const env = { ...process.env, DRIVER_MMAP_CODE_CACHE: cache };
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'check', driver], { encoding: 'utf8', env });
    return { status, stdout, stderr };
  };

  it('says the same without, before and with what it keeps', () => {
    const without = run('off');
    expect(readdirSync(folder)).toEqual([]);
    expect(run(folder)).toEqual(without);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(run(folder)).toEqual(without);
  });
});
