/** What a run says when an expectation does not hold: the words that would have held. */
import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../../support/sources.ts';
import { driverWith, remapDriver } from '../support/drivers.ts';
import { traceOf } from '../support/simulate.ts';

const demo = readProjectFile('test/simulation/support/demo.c');
const mapped = 'open rw\na = mmap len 4p prot rw shared\nwrite a "text"\n';

async function failedOf(driver: string, scenario: string) {
  const { verdict } = await traceOf(driver, { scenario });
  return verdict.failedExpectations;
}

describe('a failed expectation says what is the case', () => {
  test.each([
    ['read a expect SIGBUS', 'ok'],
    ['read a+3p', 'SIGBUS'],
    ['read a expect zero', 'bytes 74 65 78 74 at byte 0'],
    ['read a+1p expect "text"', '"\\x00\\x00\\x00\\x00"'],
    ['read a expect bytes 74 66', 'bytes 74 65'],
    ['read a expect value 7', 'value 0x74786574'],
    ['read a expect same as a+2', 'bytes 74 65 78 74, where bytes 78 74 00 00 is'],
    ['read a len 3 expect returns 3', 'returns 0'],
    ['read a len 3 by mem expect returns 4', 'returns 3'],
    ['mprotect a+1 prot r expect hang', 'EINVAL'],
    ['munmap a expect problem', 'no problem'],
    ['expect u16(a) = 5', 'u16(a) = 25972'],
    ['expect u16(a+2p) = 5', 'no page there'],
    ['expect vmflags a = rd wr sh mr mw me ms ac', /^vmflags a = rd wr sh mr mw me ms de sd \(without ac, with de sd\)$/],
    ['expect vmflags a has io pf rd', 'no io pf in rd wr sh mr mw me ms de sd'],
    ['expect vmflags a lacks rd io', 'also rd in rd wr sh mr mw me ms de sd'],
    ['expect flags a lacks VM_DONTEXPAND', /^also VM_DONTEXPAND in /],
    ['expect flags a has VM_IO', /^no VM_IO in VM_READ VM_WRITE .*VM_DONTEXPAND/],
    ['expect rss a = 4p', 'rss a = 1p'],
    ['expect offset a = 1p', 'offset a = 0'],
    ['expect perms a = r--s', 'perms a = rw-s'],
    ['expect vmas a = 2', 'vmas a = 1'],
    ['expect dumped a = 0', 'no core dump'],
    ['expect present a+1p = yes', 'present a+1p = no'],
    ['expect refcount a = 1', 'refcount a = 2'],
    ['expect mapcount a+1p = 1', 'no page there'],
    ['expect count fault = 9', 'count fault = 1'],
    ['expect message "never"', '"demo: opened"'],
    ['expect no message "opened"', 'message "demo: opened"'],
    ['expect a ENOMEM', 'ok'],
  ])('%s', async (line, actual) => {
    const failed = await failedOf(demo, `${mapped}${line}\n`);
    expect(failed).toEqual([
      { line: 4, expected: expect.any(String), actual: typeof actual === 'string' ? actual : expect.stringMatching(actual) },
    ]);
  });

  test.each([
    ['exit\nread a expect ok', 5, 'nothing: program is gone'],
    ['exit\nopen rw\nexpect ok', 6, 'nothing: program is gone'],
    ['fork child\nin child: exit\nin child: munmap a expect EINVAL', 6, 'nothing: child is gone'],
  ])('of a process that has ended: %j', async (lines, line, actual) => {
    expect(await failedOf(demo, `${mapped}${lines}\n`)).toEqual([{ line, expected: expect.any(String), actual }]);
  });

  test('and of no statement', async () => {
    expect(await failedOf(demo, 'expect ok\n')).toEqual([{ line: 1, expected: 'ok', actual: 'nothing: no statement stands before it' }]);
  });

  test('of an included scenario by its own line', async () => {
    const { verdict } = await traceOf(demo, {
      scenario: 'open rw\ninclude "more.mmapsim"\n',
      files: { '/drivers/more.mmapsim': '# more\na = mmap len 9p prot r shared expect ok\n' },
    });
    expect(verdict.failedExpectations).toEqual([
      { line: 2, source: { file: '/drivers/more.mmapsim', line: 2 }, expected: 'ok', actual: 'EINVAL' },
    ]);
    expect(verdict.summary).toBe('Line 2 of more.mmapsim expects ok, but gets EINVAL.');
  });
});

describe('problems', () => {
  const bug = driverWith('vm_flags_set(vma, VM_PFNMAP);\n\treturn vm_insert_page(vma, vma->vm_start, priv->page);');
  const endless = driverWith(
    'vma->vm_ops = &test_vm_ops;\n\treturn 0;',
    'static vm_fault_t test_fault(struct vm_fault *vmf)\n{\n\treturn VM_FAULT_NOPAGE;\n}\nstatic const struct vm_operations_struct test_vm_ops = { .fault = test_fault };',
  );

  test.each([
    'open rw\na = mmap len 1p prot rw shared expect problem kernel-bug\n',
    'open rw\na = mmap len 1p prot rw shared\nexpect problem kernel-bug\nexpect count mmap = 1\n',
  ])('that are expected are none: %j', async (scenario) => {
    const { verdict } = await traceOf(bug, { scenario });
    expect(verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });

  test.each([
    ['open rw\na = mmap len 1p prot rw shared\n', 'problem'],
    ['open rw\na = mmap len 1p prot rw shared\nopen rw expect problem\n', 'problem'],
    ['open rw\na = mmap len 1p prot rw shared expect problem oops\n', 'problem'],
  ])('that are not expected are the verdict: %j', async (scenario, outcome) => {
    expect((await traceOf(bug, { scenario })).verdict.outcome).toBe(outcome);
  });

  test('end the process, and no other one', async () => {
    const scenario =
      'open rw\nfork child\na = mmap len 1p prot rw shared expect problem\nclose expect ok\nclose\nexpect no problem\nin child: close expect ok\n';
    const { verdict, steps } = await traceOf(bug, { scenario });
    expect(verdict.failedExpectations.map(({ line, expected }) => `${line} ${expected}`)).toEqual(['4 ok', '6 no problem']);
    expect(steps.filter(({ title }) => title.startsWith('program does nothing any more'))).toHaveLength(1);
  });

  test('a hang is one', async () => {
    const failed = await failedOf(endless, 'open rw\na = mmap len 1p prot rw shared\nread a expect hang\nread a expect SIGBUS\n');
    expect(failed).toMatchObject([{ line: 4, actual: expect.stringMatching(/^hang: /) }]);
    expect((await traceOf(endless, { scenario: 'open rw\na = mmap len 1p prot rw shared\nread a expect hang\n' })).verdict.outcome).toBe(
      'completed',
    );
  });
});

test('messages of the driver have their arguments', async () => {
  const printing = remapDriver.replace(
    'if (vma->vm_pgoff >',
    'pr_warn("%s: %lu pages at %#lx, %5d|%-3u|%c%%\\n", "map", size >> PAGE_SHIFT, vma->vm_pgoff, -1, 7, 120);\n\tpr_debug("hidden\\n");\n\tpr_info_once("once\\n");\n\tif (vma->vm_pgoff >',
  );
  const scenario =
    'open rw\na = mmap len 2p off 1p prot r shared\nb = mmap len 2p off 1p prot r shared\nexpect message "map: 2 pages at 0x1,    -1|"\nexpect message "|x%"\nexpect no message "hidden"\n';
  const { verdict, steps } = await traceOf(printing, { scenario });
  expect(verdict).toMatchObject({ outcome: 'completed' });
  expect(steps.flatMap(({ changes }) => changes).filter((change) => change === "the kernel's log: once")).toHaveLength(1);
});

test('functions of the file are counted by the names of file_operations', async () => {
  const scenario =
    'open rw\nioctl 0x7701\nioctl 0x7702\nexpect count unlocked_ioctl = 2\nexpect count file_open = 1\nexpect count mmap = 0\n';
  expect(await failedOf(demo, scenario)).toEqual([]);
});

test('a flag that a kernel has not is lacking there', async () => {
  const lines = 'expect flags a lacks VM_RESERVED\nexpect flags a has VM_RESERVED\n';
  expect(await failedOf(demo, `kernel 6.12\n${mapped}${lines}`)).toMatchObject([
    { line: 6, actual: expect.stringMatching(/^no VM_RESERVED in /) },
  ]);
});

test('memory that is to run out is told as such', async () => {
  const { steps } = await traceOf(demo, { scenario: 'open rw\nfail alloc_page\n' });
  expect(steps.at(-1)?.title).toBe('that call is going to fail');
});
