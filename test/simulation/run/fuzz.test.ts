/** Programs that do anything in any order: the run ends with a verdict, and its trace is plain data that can be sent. */
import { describe, expect, test } from 'vitest';
import { seeded } from '../../support/seeded.ts';
import { readProjectFile } from '../../support/sources.ts';
import { remapDriver } from '../support/drivers.ts';
import { traceOf } from '../support/simulate.ts';

const drivers = { demo: readProjectFile('test/simulation/support/demo.c'), remap: remapDriver };

const choices = {
  address: [
    'a',
    'a+1p',
    'a+2p',
    'a+3p',
    'a.end-1p',
    'a.end',
    'b',
    'b+1p',
    'a+1',
    'a-1p',
    '0',
    '0x1000',
    '0x7ffff7ff0000',
    '0xffffffffffffffff',
  ],
  length: ['0', '1', '8', '1p', '2p', '4p', '1p+1', '1G', '0xffffffffffffffff'],
  short: ['1', '4', '8', '1p', '3p'],
  prot: ['none', 'r', 'w', 'rw', 'rx', 'rwx'],
  sharing: ['shared', 'private', 'shared_validate'],
  flags: [
    '',
    'populate',
    'locked',
    'fixed at a+1p',
    'fixed_noreplace at b',
    'at 0x20000000',
    'anonymous',
    'sync',
    'hugetlb',
    'growsdown',
    'noreserve',
  ],
  way: ['', '', 'by syscall', 'by ptrace', 'by mem', 'by process_vm', 'by direct', 'by mem of child'],
  advice: ['dontneed', 'free', 'remove', 'dontfork', 'dofork', 'dodump', 'populate_write', 'pageout', 'wipeonfork'],
  off: ['', 'off 1p', 'off u64(q)', 'off 0xfffffffffffff000', 'off 1'],
  move: ['', 'maymove', 'fixed at 0x30000000', 'fixed at b', 'dontunmap', 'maymove dontunmap'],
};

const forms: readonly string[] = [
  '{name} = mmap len {length} {off} prot {prot} {sharing} {flags}',
  '{name} = mmap len 4p prot rw shared',
  'read {address} {way}',
  'read {address} len {short} {way}',
  'write {address} 7 {way}',
  'write {address} "text" {way}',
  'exec {address}',
  'munmap {address} len {length}',
  'munmap {address}',
  'mprotect {address} len {length} prot {prot}',
  'mremap {address} len {length} {move}',
  '{name} = mremap {address} old 0 len {length} maymove',
  'madvise {address} len {length} {advice}',
  'mlock {address} len {length}',
  'munlock {address}',
  'mlockall current future',
  'munlockall',
  'msync {address} len {length} sync',
  'mincore {address} len {length}',
  'remap_file_pages {address} len {length} off 1p',
  'p = pin {address} len {short} write',
  'unpin p',
  'fork child',
  'thread child',
  'q = ioctl DEMO_GET_SIZE { u64 0 }',
  'ioctl 0x1234 {address}',
  'pread len {short} into {address}',
  'pwrite from {address} len {short}',
  'open rw',
  'open ro',
  'f = dup',
  'close',
  'close f',
  'lseek 4',
  'poll',
  'pressure',
  'exit',
  'coredump filter 0x7f',
  'unplug',
  'rmmod',
  'expect vmflags a has rd',
  'expect refcount {address} = 1',
  'expect dumped a = 0',
  'expect same as {address}',
];

/** Names that every line may use, then lines in any order by any process. */
function programFrom(seed: number): string {
  const number = seeded(seed);
  const pick = <Item>(list: readonly Item[]): Item => list[number(list.length)] as Item;
  const line = () =>
    pick(forms).replace(/\{(\w+)\}/g, (_, key: string) => (key === 'name' ? pick(['a', 'b']) : pick(choices[key as keyof typeof choices])));
  const start =
    'f = open rw\nq = ioctl DEMO_GET_SIZE { u64 0 }\na = mmap len 4p prot rw shared\nb = mmap len 2p prot rw private\np = pin a len 1p\nfork child\n';
  // The end of the program and of the module come late, so that there is something before them.
  const lines = Array.from({ length: 24 }, (_, index) => {
    const made = line();
    const isEnd = /^(exit|coredump|rmmod|unplug)/.test(made);
    return isEnd && index < 16 ? 'read a' : number(4) === 0 ? `in child: ${made}` : made;
  });
  return `${start}${lines.join('\n')}\n`;
}

describe.each(Object.entries(drivers))('any program on %s', (_, driver) => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('of seed %i', async (seed) => {
    const scenario = programFrom(seed);
    const trace = await traceOf(driver, { scenario });
    expect(['completed', 'problem', 'expectationFailed', 'stopped']).toContain(trace.verdict.outcome);
    expect(() => JSON.stringify(trace)).not.toThrow();
    expect(trace.steps.every(({ title, changes }) => !/undefined|\[object|NaN/.test([title, ...changes].join()))).toBe(true);
    expect(await traceOf(driver, { scenario })).toEqual(trace);
  });
});
