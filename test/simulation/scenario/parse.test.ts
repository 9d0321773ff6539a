/** The scenario language: what is read, what is refused and where, and that formatting reads back. */
import { describe, expect, test } from 'vitest';
import { formatScenario, planScenario } from '../../../server/src/simulation/scenario/format.ts';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';

function only(line: string, before = '') {
  const { scenario, problems } = parseScenario(`${before}${line}`);
  expect(problems).toEqual([]);
  const statement = scenario.statements.at(-1);
  if (!statement) throw new Error('no statement');
  return statement;
}

function problemOf(text: string) {
  const { problems } = parseScenario(text);
  expect(problems).toHaveLength(1);
  return problems[0];
}

const mapped = 'a = mmap len 4p off 0 prot rw shared\n';
/** One name of each kind. */
const named = `${mapped}f = open rw\nfork kid\np = pin a len 1p\nq = ioctl GO { u32 1 }\n`;

describe('parseScenario', () => {
  test('reads the statements of a whole story', () => {
    const text = `kernel 6.12
assume dev->mem_size = 16p            # p = pages
open rw
a = mmap len 4p off 0x1000 prot rw shared
expect a ok
write a+0
read a+3p expect SIGBUS

fork child
in child: read a
mprotect a prot rw expect EACCES
mremap a len 8p maymove expect EFAULT
munmap a+1p len 1p
expect vmflags a = rd wr sh mr
close
`;
    const { scenario, problems } = parseScenario(text);
    expect(problems).toEqual([]);
    expect(scenario.version).toEqual({ major: 6, minor: 12, patch: 0 });
    expect(scenario.statements.map(({ line, action }) => `${line} ${action.kind}`)).toEqual([
      '1 kernel',
      '2 assume',
      '3 open',
      '4 mmap',
      '5 expect',
      '6 write',
      '7 read',
      '9 fork',
      '10 read',
      '11 mprotect',
      '12 mremap',
      '13 munmap',
      '14 expect',
      '15 close',
    ]);
    expect(scenario.statements[8]?.process).toBe('child');
    expect(scenario.statements[1]?.action).toEqual({ kind: 'assume', path: 'dev->mem_size', value: 65536n });
  });

  test('reads numbers with units', () => {
    const values = ['7', '0x10', '2p', '3K', '1M', '1G'].map((text) => {
      const { action } = only(`assume x = ${text}`);
      return action.kind === 'assume' ? action.value : undefined;
    });
    expect(values).toEqual([7n, 16n, 8192n, 3072n, 1n << 20n, 1n << 30n]);
  });

  test('reads the options of mmap in any order', () => {
    expect(only('b = mmap private prot r len 1p fixed at a+1p populate locked expect EINVAL', mapped)).toMatchObject({
      action: {
        kind: 'mmap',
        mapping: 'b',
        sharing: 'private',
        offset: 0n,
        fixedAt: { mapping: 'a', offset: 4096n },
        populate: true,
        locked: true,
      },
      expectation: { kind: 'errno', name: 'EINVAL' },
    });
  });

  test.each([
    ['expect a EINVAL', { kind: 'result', mapping: 'a', of: { kind: 'errno', name: 'EINVAL' } }],
    ['expect SIGBUS', { kind: 'signal', name: 'SIGBUS' }],
    ['expect rss a = 1p', { kind: 'rss', mapping: 'a', bytes: 4096n }],
    ['expect count open = 2', { kind: 'count', slot: 'open', count: 2n }],
    ['expect refcount a+1p = 2', { kind: 'refcount', address: { mapping: 'a', offset: 4096n }, count: 2n }],
    ['expect hang', { kind: 'hang' }],
    ['expect returns 16', { kind: 'returns', value: 16n }],
    ['expect bytes 00 7F', { kind: 'bytes', bytes: [0, 127] }],
    ['expect "he\\"y"', { kind: 'text', text: 'he"y' }],
    ['expect same as a+1p', { kind: 'same', address: { mapping: 'a', offset: 4096n } }],
    [
      'expect u16(a+2) = 0xffff',
      { kind: 'memory', load: { kind: 'load', bytes: 2, address: { mapping: 'a', offset: 2n } }, value: 65535n },
    ],
    ['expect vmflags a has rd wr', { kind: 'vmflags', mapping: 'a', codes: ['rd', 'wr'], relation: 'has' }],
    ['expect vmflags a = ', { kind: 'vmflags', mapping: 'a', codes: [] }],
    ['expect flags a lacks VM_PFNMAP', { kind: 'flags', mapping: 'a', names: ['VM_PFNMAP'], relation: 'lacks' }],
    ['expect offset a = 0x10000', { kind: 'offset', mapping: 'a', bytes: 65536n }],
    ['expect perms a = rw-s', { kind: 'perms', mapping: 'a', perms: 'rw-s' }],
    ['expect vmas a = 2', { kind: 'vmas', mapping: 'a', count: 2n }],
    ['expect dumped a = 4p', { kind: 'dumped', mapping: 'a', bytes: 16384n }],
    ['expect present a+1p = no', { kind: 'present', address: { mapping: 'a', offset: 4096n }, present: false }],
    ['expect message "Oops"', { kind: 'message', text: 'Oops' }],
    ['expect no message "Oops"', { kind: 'no-message', text: 'Oops' }],
    ['expect no problem', { kind: 'no-problem' }],
    ['expect problem kernel-bug', { kind: 'problem', problem: 'kernel-bug' }],
  ])('reads %s', (line, expectation) => {
    expect(only(line, mapped).action).toEqual({ kind: 'expect', expectation });
  });

  test.each([
    ['2p+16', 8208n],
    ['1M-1p', 1044480n],
    ['0x10p', 65536n],
    ['1T', 1n << 40n],
    ['-4', -4n],
  ])('adds up %s', (text, value) => {
    expect(only(`assume x = ${text}`).action).toMatchObject({ value });
  });

  test.each([
    ['f = open rw sync direct', { kind: 'open', mode: 'rw', file: 'f', flags: ['sync', 'direct'] }],
    ['g = dup f', { kind: 'dup', file: 'g', of: 'f' }],
    ['close f', { kind: 'close', of: 'f' }],
    [
      'b = mmap len 1p prot none shared_validate fixed_noreplace at a.end sync of f',
      { noReplace: true, fixedAt: { mapping: 'a', offset: 0n, fromEnd: true }, flags: ['sync'], of: 'f' },
    ],
    ['b = mmap len 1p prot rw private anonymous at 0x10000 noreserve', { anonymous: true, hint: { offset: 65536n }, flags: ['noreserve'] }],
    ['b = mmap len 1p off u64(q+8) prot r shared', { offset: { kind: 'load', bytes: 8, address: { mapping: 'q', offset: 8n } } }],
    ['read a+1p len 8 by ptrace of kid', { kind: 'read', length: 8n, way: 'ptrace', of: 'kid' }],
    ['write a "x y\\n\\x00#"', { kind: 'write', data: [{ kind: 'text', text: 'x y\n\0#' }] }],
    ['write a 7 len 1p', { kind: 'write', value: 7n, length: 4096n }],
    [
      'ioctl 0x4004 { u8 1, u16 a, u64 u32(q), "hi", zero 4 } of f',
      {
        command: 0x4004n,
        data: [
          { kind: 'number', bytes: 1, value: 1n },
          { kind: 'number', bytes: 2, value: { kind: 'address', address: { mapping: 'a', offset: 0n } } },
          { kind: 'number', bytes: 8, value: { kind: 'load', bytes: 4, address: { mapping: 'q', offset: 0n } } },
          { kind: 'text', text: 'hi' },
          { kind: 'zero', length: 4n },
        ],
        of: 'f',
      },
    ],
    ['ioctl GET a+8', { command: 'GET', argument: { kind: 'address', address: { mapping: 'a', offset: 8n } } }],
    ['pread len 16 off 4 into a', { kind: 'pread', length: 16n, offset: 4n, into: { mapping: 'a' } }],
    ['pwrite from a len 16 of f', { kind: 'pwrite', from: { mapping: 'a' }, length: 16n, of: 'f' }],
    ['lseek 8 end', { kind: 'lseek', offset: 8n, whence: 'end' }],
    ['b = mremap a old 0 len 4p maymove', { kind: 'mremap', mapping: 'b', oldLength: 0n }],
    ['mlock a onfault', { kind: 'mlock', onFault: true }],
    ['mlockall current future', { flags: ['current', 'future'] }],
    ['msync a len 1p sync invalidate', { flags: ['sync', 'invalidate'], length: 4096n }],
    ['madvise a populate_read', { advice: 'populate_read' }],
    ['madvise a MADV_DONTNEED', { advice: 'dontneed' }],
    ['remap_file_pages a len 1p off 2p', { offset: 8192n }],
    ['driver "my driver.c":ring_mmap', { file: 'my driver.c', handler: 'ring_mmap' }],
    ['assume pci_resource_len(pdev, 0) = 1M', { path: 'pci_resource_len(pdev, 0)', value: 1n << 20n }],
    ['coredump filter 0x7f', { filter: 127n }],
  ])('reads the statement %s', (line, action) => {
    expect(only(line, named).action).toMatchObject(action);
  });

  test('takes CRLF, a BOM, blanks and comments', () => {
    const { scenario, problems } = parseScenario('\uFEFF# a story\r\n\r\n  open  ro  # read only\r\n');
    expect(problems).toEqual([]);
    expect(scenario.statements).toEqual([{ line: 3, text: 'open  ro', action: { kind: 'open', mode: 'ro' } }]);
  });
});

describe('a line that is not understood', () => {
  test.each([
    ['frobnicate a', 1, /not a statement.*begins with one of .*open.*mmap/],
    ['open up', 6, /rw, ro, wo/],
    ['a = mmap len 4q off 0 prot rw shared', 14, /`4q` is not a number.*4p/],
    ['a = mmap len 4p off 0 prot rw', 30, /`shared` or `private`/],
    ['a = mmap len 4p prot wr shared', 22, /r, w and x in this order/],
    ['mmap len 4p prot rw shared', 1, /name for the mapping/],
    ['read b', 6, /no mapping `b` yet/],
    ['in child: read 0x1000', 4, /fork child/],
    ['open rw twice', 9, /one of sync, direct/],
    ['exit now', 6, /syntax is: exit/],
    ['assume x 3', 10, /`=`/],
    ['kernel six', 8, /6\.12/],
    ['close expect', 13, /expectation.*missing/],
    ['opne rw', 1, /Did you mean `open`/],
    ['open rw sinc', 9, /Did you mean `sync`/],
    ['read 0x1000 expect EINVALL', 20, /Did you mean `EINVAL`/],
    ['read 0x1000 expect SIGBSU', 20, /Did you mean `SIGBUS`/],
    ['expect problem kernel-bgu', 16, /Did you mean `kernel-bug`/],
    ['read 0x1000 len -1', 17, /not below 0/],
    ['read 0x1000 len 8G', 17, /at most/],
    ['write 0x1000 "abc', 14, /closing/],
    ['write 0x1000 "a\\q"', 16, /not known in quotes/],
    ['read 0x1000 of program', 23, /by ptrace/],
    ['ioctl GO { u33 1 }', 12, /u8, u16, u32, u64, zero/],
    ['ioctl GO { u32 1', 17, /`,` or `}`.*missing/],
    ['q = ioctl GO', 13, /in braces/],
    ['pwrite from 0x1000', 19, /len N/],
    ['assume x = 99999999999999999999', 12, /not a number/],
    ['include "other.mmapsim"', 10, /no file/],
    ['in kids: exit', 4, /no child `kids`/],
    ['expect bytes 0', 14, /two hexadecimal digits/],
    ['f = exit', 5, /nothing to name/],
    ['in program', 11, /`:` is missing/],
    ['in program exit', 12, /`:` stands here/],
    ['in program: in program: exit', 13, /once, at the beginning/],
    ['fail kmalloc 0', 14, /first call is 1/],
    ['open rw sync sync', 14, /`sync` stands on this line already/],
    ['a = mmap len 1p prot r shared len 2p', 31, /`len` stands on this line already/],
    ['a = mmap len 1p prot r shared private', 31, /`shared` or `private`, not both/],
    ['pread len 1 off 2 off 3', 19, /`off` stands/],
    ['mlockall current current', 18, /`current` stands/],
    ['ioctl GO { u8 256 }', 15, /`256` does not fit into one byte/],
    ['ioctl GO { u16 -32769 }', 16, /does not fit into 2 bytes/],
    ['write 0x1000 4G', 14, /`4G` does not fit into 4 bytes/],
    ['write 0x1000 256 len 1', 14, /does not fit into one byte/],
    ['expect count faults = 0', 14, /Did you mean `fault`/],
    ['expect count ioctl = 0', 14, /unlocked_ioctl/],
    ['expect flags program lacks VM_DONTEXPAN', 28, /Did you mean `VM_DONTEXPAND`/],
  ])('%s', (line, column, message) => {
    const problem = problemOf(line);
    expect(problem).toMatchObject({ line: 1, column });
    expect(problem?.message).toMatch(message);
  });

  test('says what a name is when it is of another kind', () => {
    expect(problemOf(`f = open rw\nread f`)).toMatchObject({ line: 2, column: 6, message: '`f` is a file; a mapping stands here.' });
    expect(problemOf(`${mapped}close a`)).toMatchObject({ line: 2, column: 7, message: '`a` is a mapping; a file stands here.' });
    expect(problemOf(`${mapped}expect vmflags a = xx`)?.message).toMatch(/two-letter codes/);
    expect(problemOf('ring = mmap len 1p prot r shared\nread rnig')?.message).toMatch(/Did you mean `ring`/);
  });

  test('says for the whole run what an earlier line has said', () => {
    expect(problemOf('kernel 6.1\nopen rw\nkernel 6.12')).toMatchObject({
      line: 3,
      column: 1,
      message: expect.stringMatching(/--kernel 6\.1,6\.12/),
    });
    expect(problemOf('driver "a.c"\ndriver "b.c"')).toMatchObject({ line: 2, message: expect.stringMatching(/says the driver already/) });
  });

  test('lets an included scenario say a kernel of its own', () => {
    const place = {
      file: '/s/outer.mmapsim',
      readFile: (name: string) => (name === '/s/inner.mmapsim' ? 'kernel 6.1\nopen rw\n' : undefined),
    };
    const { problems, scenario } = parseScenario('kernel 6.12\ninclude "inner.mmapsim"\n', place);
    expect(problems).toEqual([]);
    expect(scenario.version).toMatchObject({ major: 6, minor: 12 });
  });

  test('does not hide the others', () => {
    const { scenario, problems } = parseScenario('open rw\nbad\nclose\nworse\n');
    expect(scenario.statements.map(({ action }) => action.kind)).toEqual(['open', 'close']);
    expect(problems.map(({ line }) => line)).toEqual([2, 4]);
  });
});

describe('include', () => {
  const place = (files: Readonly<Record<string, string>>) => ({ file: '/s/main.mmapsim', readFile: (path: string) => files[path] });

  test('puts the statements of the other file in its place, names and all', () => {
    const files = {
      '/s/lib/open.mmapsim': 'open rw\ninclude "map.mmapsim"\n',
      '/s/lib/map.mmapsim': '# a mapping\na = mmap len 1p prot r shared\n',
    };
    const { scenario, problems } = parseScenario('kernel 6.1\ninclude "lib/open.mmapsim"\nread a\n', place(files));
    expect(problems).toEqual([]);
    expect(scenario.statements.map(({ line, text, source }) => ({ line, text, source }))).toEqual([
      { line: 1, text: 'kernel 6.1', source: undefined },
      { line: 2, text: 'open rw', source: { file: '/s/lib/open.mmapsim', line: 1 } },
      { line: 2, text: 'a = mmap len 1p prot r shared', source: { file: '/s/lib/map.mmapsim', line: 2 } },
      { line: 3, text: 'read a', source: undefined },
    ]);
  });

  test.each([
    ['a file that is not there', 'include "no.mmapsim"', {}, /no scenario `no.mmapsim`.*\/s\/no.mmapsim/],
    ['itself', 'include "main.mmapsim"', { '/s/main.mmapsim': '' }, /main.mmapsim includes main.mmapsim/],
    [
      'a circle',
      'include "b.mmapsim"',
      { '/s/b.mmapsim': 'include "c.mmapsim"', '/s/c.mmapsim': 'include "b.mmapsim"' },
      /b.mmapsim includes c.mmapsim includes b.mmapsim/,
    ],
  ])('answers %s', (_, text, files, message) => {
    const { problems } = parseScenario(text, place(files));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(message);
  });

  test('names the file of a problem', () => {
    const { problems } = parseScenario('open rw\ninclude "b.mmapsim"', place({ '/s/b.mmapsim': '\nopne rw' }));
    expect(problems).toMatchObject([{ file: '/s/b.mmapsim', line: 2, column: 1 }]);
  });

  test('ends where files include each other without end', () => {
    const endless = {
      file: '/s/0.mmapsim',
      readFile: (path: string) => `include "${Number(/\d+/.exec(path)?.[0]) + 1}.mmapsim"\n`.repeat(3),
    };
    const { problems } = parseScenario('include "1.mmapsim"', endless);
    expect(problems.some(({ message }) => /16 deep/.test(message))).toBe(true);
    expect(problems.some(({ message }) => /at most 200 files/.test(message))).toBe(true);
  });
});

test('what is formatted reads back as the same data', () => {
  const text = `kernel 6.1
driver "ring buffer.c":ring_mmap
assume priv->len = 3
f = open ro sync direct
g = dup f
a = mmap len 4p off 1p prot rx private fixed at 0x7f0000000000 populate of f
b = mmap len 1p prot rw shared fixed_noreplace at a.end-1p locked anonymous noreserve
q = ioctl GET_SIZE { u32 7, u64 a+1p, u8 u8(a), "tail", zero 16 } of f
c = mmap len 2p off u64(q+8) prot none shared_validate at 0x10000000 sync
ioctl 0x4004 a+8 expect ENOTTY
r = pread len 16 off 8 of g
pread len 1p into a
pwrite "text\\n" of f
pwrite from a len 4 off 1p
lseek 1p end of f
poll of f
fork kid
thread worker
in kid: write a+1p 7 expect SIGSEGV
in worker: write a "x\\x01\\"" by mem of kid
write a 1 len 1p by direct
read a+4 len 8 expect value 0x12345
read a by process_vm of kid
exec a expect SIGSEGV
p = pin a len 1p write
unpin p
mremap a old 4p len 8p maymove fixed at 0x10000000 dontunmap
d = mremap a old 0 len 4p maymove
madvise a+1p len 1p dontneed
mlock a onfault
mlockall current future onfault
munlockall
msync a len 1p sync invalidate
mincore a expect bytes 01 00
remap_file_pages a len 1p off 2p
expect vmflags a = rd mr
expect vmflags a has rd
expect flags a lacks VM_IO
expect mapcount a+1p = 2
expect u32(a+4) = 9
expect present a = yes
expect perms a = r-xp
expect offset a = 1p
expect dumped a = 4p
expect vmas a = 1
expect same as a.end-4
expect no problem
expect no message "x"
close g
pressure
rmmod expect EAGAIN
unplug
coredump filter 127
exit
`;
  const { scenario, problems } = parseScenario(text);
  expect(problems).toEqual([]);
  const again = planScenario(scenario.statements);
  expect(formatScenario(again)).toBe(text);
});
