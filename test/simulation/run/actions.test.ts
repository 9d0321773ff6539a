/** What each statement does, told by scenarios whose expectations are what Linux does. Rules of the facts in brackets. */
import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../../support/sources.ts';
import { driverWith, faultDriver, remapDriver } from '../support/drivers.ts';
import { traceOf } from '../support/simulate.ts';

const demo = readProjectFile('test/simulation/support/demo.c');
const shared = 'open rw\na = mmap len 4p prot rw shared\n';

/** Runs the lines; every expectation in them has to hold. */
async function holds(driver: string, scenario: string, kernel = '6.12'): Promise<void> {
  const { verdict } = await traceOf(driver, { scenario, kernel });
  expect({ outcome: verdict.outcome, summary: verdict.summary, failed: verdict.failedExpectations }).toEqual({
    outcome: 'completed',
    summary: verdict.summary,
    failed: [],
  });
}

describe('reaching memory', () => {
  test('of a VM_PFNMAP mapping: copies work, pages cannot be got [S10.4 to S10.7]', () =>
    holds(
      remapDriver,
      `${shared}write a 7
read a expect value 7
read a by syscall expect value 7
write a 9 by syscall
read a expect value 9
read a by direct expect EFAULT
read a by process_vm expect EFAULT
read a by mem expect EIO
write a 1 by mem expect EIO
read a by ptrace expect EIO
p = pin a len 1p expect EFAULT
`,
    ));

  test('of pages from a fault handler: every way works, and they see one page', () =>
    holds(
      demo,
      ['cpu', 'syscall', 'ptrace', 'mem', 'process_vm', 'direct']
        .map(
          (way, index) =>
            `write a+16 ${index + 1} by ${way}\nread a+16 expect value ${index + 1}\nread a+16 len 8 by ${way} expect value ${index + 1}\n`,
        )
        .join('')
        .replace(/^/, shared),
    ));

  test('where the handler gives none: each way has its own answer [S4.8]', () =>
    holds(
      demo,
      `${shared}read a+3p expect SIGBUS
read a+3p by syscall expect EFAULT
read a+3p by direct expect EFAULT
read a+3p by process_vm expect EFAULT
read a+3p by mem expect EIO
write a+3p 5 by ptrace expect EIO
`,
    ));

  test('in part: what was done is the result, and a page in parts is none', () =>
    holds(
      demo,
      `${shared}read a+2p len 2p by syscall expect returns 1p
read a+2p len 2p by process_vm expect returns 1p
read a+2p len 2p by mem expect returns 1p
read a+2p len 2p by direct expect returns 1p
read a+3p-4 len 8 by mem expect returns 4
read a+3p-4 len 8 by syscall expect EFAULT
read a+3p-4 len 8 by ptrace expect EIO
read a+2p len 2p expect SIGBUS
`,
    ));

  test('a store across pages is done whole or not at all', () =>
    holds(demo, `${shared}write a+3p-4 7\nwrite a+3p-4 0x99 len 8 expect SIGBUS\nread a+3p-4 expect value 7\n`));

  test('a debugger writes into a private read-only mapping, and not into a shared one', () =>
    holds(
      demo,
      `open rw
s = mmap len 1p prot r shared
p = mmap len 1p prot r private
write p 5 by mem
read p expect value 5
read s expect value 0
write s 6 by mem expect EIO
write s 6 by ptrace expect EIO
`,
    ));

  test('of another process', () =>
    holds(
      demo,
      `open rw
a = mmap len 1p prot rw private
write a 1
fork child
in child: write a 2
read a by process_vm of child expect value 2
write a 3 by mem of child
in child: read a expect value 3
read a expect value 1
in child: exit
read a by mem of child expect any
`,
    ));

  test('strings, long writes and comparisons', () =>
    holds(
      demo,
      `${shared}write a+1p-2 "across"
read a+1p-2 len 6 expect "across"
read a+1p-2 len 6 expect bytes 61 63 72
write a+1p 0xab len 1p
read a+1p len 1p expect bytes ab ab
expect u16(a+2p-2) = 0xabab
write a { u16 0x102, u8 3, zero 2, u64 a+1p, "x" }
read a len 6 expect bytes 02 01 03 00 00 00
expect u8(a+13) = 0x78
b = mmap len 4p prot r shared
read b len 16 expect same as a
read b+2p len 64 expect zero
`,
    ));

  test('code runs where the mapping allows it', () =>
    holds(
      demo,
      `${shared}exec a expect SIGSEGV\nmprotect a prot rx\nexec a expect ok\nexec a+3p expect SIGBUS\nexec 0x5000 expect SIGSEGV\n`,
    ));

  test('pinned pages outlive their mapping', () =>
    holds(
      demo,
      `${shared}read a
expect refcount a = 2
p = pin a len 2p write
expect p ok
expect refcount a = 3
expect refcount a+1p = 3
b = mmap len 1p prot r shared
read b
munmap a
expect refcount b = 3
unpin p
expect refcount b = 2
unpin p
`,
    ));
});

describe('files', () => {
  const counting = driverWith(
    'vma->vm_ops = &test_vm_ops;\n\treturn 0;',
    `
static vm_fault_t test_fault(struct vm_fault *vmf)
{
	return VM_FAULT_SIGBUS;
}
static const struct vm_operations_struct test_vm_ops = { .fault = test_fault };
static int test_open(struct inode *inode, struct file *file)
{
	pr_info("test: flags %x of %s\\n", file->f_flags, "the file");
	return 0;
}
static int test_release(struct inode *inode, struct file *file)
{
	printk(KERN_INFO "test: gone\\n");
	return 0;
}
`,
  ).replace('.mmap = test_mmap,', '.open = test_open,\n\t.release = test_release,\n\t.mmap = test_mmap,');

  test('the last descriptor and the last mapping release the file [S6.4]', () =>
    holds(
      counting,
      `f = open rw
g = dup
a = mmap len 1p prot r shared
close f
expect count release = 0
close g
expect count release = 0
expect no message "test: gone"
munmap a
expect count release = 1
expect message "test: gone"
`,
    ));

  test('each open has its flags, and its name', () =>
    holds(
      counting,
      `f = open ro sync
g = open rw append nonblock
expect message "test: flags 101000 of the file"
expect message "flags c02"
expect count file_open = 2
a = mmap len 1p prot rw shared of f expect EACCES
b = mmap len 1p prot rw shared of g
expect b ok
close f
close f
c = mmap len 1p prot r shared
expect c ok
`,
    ));

  test('ioctl passes numbers, structures and addresses', () =>
    holds(
      demo,
      `${shared}q = ioctl DEMO_GET_SIZE { u64 0, u32 7 }
expect q ok
expect u64(q) = 3p
expect u32(q+8) = 7
ioctl DEMO_GET_SIZE a+8
expect u64(a+8) = 3p
ioctl DEMO_GET_SIZE 0 expect EFAULT
ioctl 0x1234 expect ENOTTY
b = mmap len 1p off u64(q) prot r shared
read b expect SIGBUS
fork child
in child: expect u64(q) = 3p
`,
    ));

  test('ioctl commands have the numbers that programs use', () =>
    holds(
      driverWith(
        'return -EINVAL;',
        `
struct test_info { __u32 a; __u64 b; };
#define TEST_RESET _IO('T', 0)
#define TEST_GET _IOR('T', 1, struct test_info)
#define TEST_SET _IOW('T', 2, __u32)
#define TEST_BOTH _IOWR('T', 3, unsigned long)
static long test_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case TEST_RESET:
		return 10;
	case TEST_GET:
		return 11;
	case TEST_SET:
		return 12;
	case TEST_BOTH:
		return 100 * _IOC_SIZE(cmd) + 10 * _IOC_DIR(cmd) + _IOC_NR(cmd);
	}
	return -ENOTTY;
}
`,
      ).replace('.mmap = test_mmap,', '.unlocked_ioctl = test_ioctl,\n\t.mmap = test_mmap,'),
      `open rw
ioctl 0x5400 expect returns 10
ioctl 0x80105401 expect returns 11
ioctl 0x40045402 expect returns 12
ioctl 0xc0085403 expect returns 833
ioctl TEST_SET expect returns 12
ioctl 0x80045401 expect ENOTTY
`,
    ));

  test('read and write move the position, pread does not', () =>
    holds(
      demo,
      `open rw
pread len 2 expect "de"
pread len 16 expect returns 14
pread len 4 expect returns 0
pread len 3 off 1 expect "emo"
pwrite "new text" expect returns 8
pread len 8 off 0 expect "new text"
a = mmap len 1p prot rw shared
pread len 4 off 0 into a
read a expect "new "
write a "back"
pwrite from a len 4
pread len 4 off 0 expect "back"
f = open ro
pwrite "x" of f expect EBADF
poll expect value 0x145
lseek 4 expect ESPIPE
`,
    ));
});

describe('mappings', () => {
  test('places: fixed over another, not over another, a wish', () =>
    holds(
      demo,
      `${shared}b = mmap len 1p prot r shared fixed_noreplace at a+1p expect EEXIST
b = mmap len 1p off 2p prot r shared fixed at a+1p
expect b ok
expect vmas a = 3
expect offset b = 2p
c = mmap len 1p prot r shared at 0x20000000
expect c ok
d = mmap len 1p prot rw private anonymous
write d 4
expect rss d = 1p
expect perms d = rw-p
`,
    ));

  test('locks: special mappings stay unlocked, memory of the program does not [S10.1]', () =>
    holds(
      demo,
      `${shared}m = mmap len 2p prot rw private anonymous
mlock a
mlock m
expect vmflags a lacks lo
expect vmflags m has lo
expect rss m = 2p
munlockall
expect vmflags m lacks lo
n = mmap len 2p prot rw private anonymous
mlock n onfault
expect vmflags n has lo
expect rss n = 0
mlockall
expect EINVAL
mlockall current future
o = mmap len 1p prot rw private anonymous
expect vmflags o has lo
expect vmflags m has lo
`,
    ));

  test('msync needs a file that can be synchronised', () =>
    holds(
      demo,
      `${shared}msync a async\nmsync a sync expect EINVAL\nmsync a sync async expect EINVAL\nmsync a+1 len 1p async expect EINVAL\nmsync a len 8p async expect ENOMEM\n`,
    ));

  test('mincore tells what is mapped, and nothing of VM_PFNMAP mappings', async () => {
    await holds(
      demo,
      `${shared}read a+1p\nmincore a expect bytes 00 01 00 00\nmincore a+1 len 1p expect EINVAL\nmincore a len 8p expect ENOMEM\n`,
    );
    await holds(remapDriver, `${shared}read a\nmincore a expect bytes 00 00 00 00\n`);
  });

  test('remap_file_pages is mmap over a part [4.0 and later]', async () => {
    const scenario = `${shared}write a+2p 6\nremap_file_pages a len 1p off 2p\nread a expect value 6\nexpect offset a = 2p\nexpect count mmap = 2\n`;
    await holds(demo, scenario);
    await holds(demo, `open rw\np = mmap len 1p prot rw private\nremap_file_pages p len 1p off 1p expect EINVAL\n`);
  });

  test('a private remap_pfn_range mapping shows its pfn as the offset [S5.5]', async () => {
    const { verdict } = await traceOf(remapDriver, { scenario: 'open rw\na = mmap len 16p prot rw private\nexpect offset a = 0\n' });
    expect(verdict.failedExpectations[0]?.actual).toMatch(/^offset a = 0x[1-9a-f][0-9a-f]+000$/);
  });

  test('mremap names a new place where the old one stays', () =>
    holds(
      demo,
      `${shared}b = mremap a old 0 len 2p maymove expect EFAULT
mremap a len 4p fixed at 0x30000000
read a
expect present 0x30000000 = yes
mremap a len 2p
expect vmas a = 1
read a+2p expect SIGSEGV
`,
    ));
});

describe('processes', () => {
  test('threads share what a child copies', () =>
    holds(
      demo,
      `open rw
a = mmap len 1p prot rw private
write a 1
thread worker
in worker: write a 2
read a expect value 2
in worker: m = mmap len 1p prot r shared
read m
in worker: exit
read a expect value 2
fork child
in child: write a 3
read a expect value 2
`,
    ));

  test('a core dump has what its filter says [S10.3]', () =>
    holds(
      demo,
      `${shared}m = mmap len 3p prot rw private anonymous
write m+1p 1
fork child
in child: coredump
in child: expect dumped a = 0
in child: expect dumped m = 1p
fork other
in other: coredump filter 0x7f
in other: expect dumped a = 3p
read a
expect count fault = 5
`,
    ));

  test('a core dump leaves VM_IO mappings out', () => holds(remapDriver, `${shared}coredump filter 0x7f\nexpect dumped a = 0\n`));

  test('the module stays while its files have an owner, and is missed when they have none [S6.7]', async () => {
    await holds(demo, `${shared}rmmod expect EAGAIN\nclose\nrmmod expect EAGAIN\nmunmap a\nrmmod expect ok\n`);
    const orphan = demo.replace('.owner = THIS_MODULE,', '');
    await holds(orphan, `${shared}rmmod expect ok\nread a expect problem oops\n`);
  });

  test('what is not there is skipped and said', async () => {
    const { steps, verdict } = await traceOf(demo, {
      scenario: 'open rw\nclose\nclose\na = mmap len 1p prot r shared\nread a expect any\nfork c\nin c: exit\nin c: exit\n',
    });
    const titles = steps.map(({ title }) => title);
    expect(titles.filter((title) => title.startsWith('nothing is done'))).toEqual([
      'nothing is done: nothing is open',
      'nothing is done: nothing is open',
      'nothing is done: a is not mapped',
    ]);
    expect(titles).toContain('c is gone');
    expect(verdict.outcome).toBe('completed');
  });
});

test('memory pressure takes nothing from a driver [S10.12]', () =>
  holds(faultDriver, 'open rw\na = mmap len 1p prot rw shared\nread a\npressure\nexpect present a = yes\nexpect rss a = 1p\n'));
