/** The walk over folders: which C files it finds, and what hides them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileHost, readText, sourcesBelow } from '../../server/src/host/files.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'driver-mmap-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

const found = (start = ''): readonly string[] =>
  sourcesBelow(path.join(folder, start)).files.map((file) => path.relative(folder, file).split(path.sep).join('/'));

describe('sourcesBelow', () => {
  it('finds C files and headers in the order of their names', () => {
    write({ 'b.c': '', 'a/z.h': '', 'a/y.c': '', 'a/notes.txt': '', 'node_modules/x.c': '' });
    expect(found()).toEqual(['b.c', 'a/y.c', 'a/z.h']);
    expect(found('b.c')).toEqual(['b.c']);
  });

  it('respects .gitignore files, inner ones last', () => {
    write({
      '.gitignore': '*.mod.c\n/out/\n',
      'toy.c': '',
      'toy.mod.c': '',
      'out/a.c': '',
      'in/.gitignore': '!keep.mod.c\n',
      'in/keep.mod.c': '',
    });
    expect(found()).toEqual(['toy.c', 'in/keep.mod.c']);
  });

  it('walks packaged sources whose .gitignore hides everything', () => {
    write({ '.gitignore': '*.o\n/*\n!/debian/\n', Makefile: '', 'drivers/toy.c': '' });
    expect(found()).toEqual(['drivers/toy.c']);
  });

  it('lets a repository hide everything but what it names', () => {
    write({ '.git/HEAD': '', '.gitignore': '/*\n!/src/\n', 'toy.c': '', 'src/toy.c': '' });
    expect(found()).toEqual(['src/toy.c']);
  });

  it('leaves out headers of more than a mebibyte, unless one is named', () => {
    write({ 'regs.h': ' '.repeat(1024 * 1024 + 1), 'most.h': ' '.repeat(1024 * 1024), 'table.c': ' '.repeat(1024 * 1024 + 1) });
    expect(found()).toEqual(['most.h', 'table.c']);
    expect(found('regs.h')).toEqual(['regs.h']);
  });

  it('says what cannot be read', () => {
    expect(sourcesBelow(path.join(folder, 'absent')).problems).toMatchObject([{ message: 'no such file or folder' }]);
  });
});

describe('fileHost', () => {
  it('remembers a text until it is told to forget', () => {
    write({ 'toy.h': 'one' });
    const host = fileHost();
    const file = path.join(folder, 'toy.h');
    expect(host.readFile(file)).toBe('one');
    write({ 'toy.h': 'two' });
    expect(host.readFile(file)).toBe('one');
    host.forget(file);
    expect(host.readFile(file)).toBe('two');
    expect(host.readFile(path.join(folder, 'absent.h'))).toBeUndefined();
  });
});

describe('readText', () => {
  it('reads files of any length one after the other, without a byte order mark', () => {
    const long = 'ä'.repeat(3_000_000);
    write({ 'long.c': long, 'short.c': '\ufeffint toy;\r\n', 'empty.c': '' });
    const read = (name: string): string => readText(path.join(folder, name));
    expect(read('long.c') === long).toBe(true);
    expect(read('short.c')).toBe('int toy;\r\n');
    expect(read('empty.c')).toBe('');
  });

  it('refuses a folder', () => {
    expect(() => readText(folder)).toThrow('EISDIR');
  });
});

describe('the files of a folder', () => {
  it('are listed with the links among them, and without folders', () => {
    write({ 'b.c': '', 'a/z.h': '' });
    symlinkSync(path.join(folder, 'a/z.h'), path.join(folder, 'linked.h'));
    expect(fileHost().listFolder?.(folder)).toEqual(['b.c', 'linked.h']);
    expect(fileHost().listFolder?.(path.join(folder, 'none'))).toBeUndefined();
  });
});
