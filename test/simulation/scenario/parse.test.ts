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
    ['expect problem kernel-bug', { kind: 'problem', problem: 'kernel-bug' }],
  ])('reads %s', (line, expectation) => {
    expect(only(line, mapped).action).toEqual({ kind: 'expect', expectation });
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
  ])('%s', (line, column, message) => {
    const problem = problemOf(line);
    expect(problem).toMatchObject({ line: 1, column });
    expect(problem?.message).toMatch(message);
  });

  test('does not hide the others', () => {
    const { scenario, problems } = parseScenario('open rw\nbad\nclose\nworse\n');
    expect(scenario.statements.map(({ action }) => action.kind)).toEqual(['open', 'close']);
    expect(problems.map(({ line }) => line)).toEqual([2, 4]);
  });
});

test('what is formatted reads back as the same data', () => {
  const text = `kernel 6.1
assume priv->len = 3
open ro
a = mmap len 4p off 1p prot rx private fixed at 0x7f0000000000 populate
fork kid
in kid: write a+1p 7 expect SIGSEGV
read a+4 len 8 expect value 0x12345
mremap a old 4p len 8p maymove fixed at 0x10000000 dontunmap
madvise a+1p len 1p dontneed
mlock a
expect vmflags a = rd mr
expect mapcount a+1p = 2
exit
`;
  const { scenario, problems } = parseScenario(text);
  expect(problems).toEqual([]);
  const again = planScenario(scenario.statements);
  expect(formatScenario(again)).toBe(text);
});
