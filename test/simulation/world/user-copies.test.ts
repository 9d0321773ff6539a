/** Copies between the driver and the program, by bytes and by the layout of structs; faults and deadlocks on the way. */
import { describe, expect, test } from 'vitest';
import { textAt, traceOf } from '../support/simulate.ts';

/** A misc device with one page of memory, and these functions in its table. */
function deviceWith(functions: string, ops: string, mmap = 'return remap_vmalloc_range(vma, slate, 0);'): string {
  return `
static void *slate;
struct slate_request { u16 kind; u32 size; u64 where; };
${functions}
static int slate_open(struct inode *inode, struct file *file)
{
	return 0;
}
static int slate_mmap(struct file *file, struct vm_area_struct *vma)
{
	${mmap}
}
static const struct file_operations slate_fops = {
	.owner = THIS_MODULE,
	.open = slate_open,
	.mmap = slate_mmap,
	${ops}
};
static struct miscdevice slate_device = { .minor = MISC_DYNAMIC_MINOR, .name = "slate", .fops = &slate_fops };
static int __init slate_init(void)
{
	slate = vmalloc_user(PAGE_SIZE);
	if (!slate)
		return -ENOMEM;
	return misc_register(&slate_device);
}
module_init(slate_init);
`;
}

const readWrite = deviceWith(
  `
static ssize_t slate_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(to, count, pos, slate, PAGE_SIZE);
}
static ssize_t slate_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	return simple_write_to_buffer(slate, PAGE_SIZE, pos, from, count);
}
static loff_t slate_llseek(struct file *file, loff_t offset, int whence)
{
	if (whence != SEEK_SET || offset < 0 || offset > PAGE_SIZE)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}
`,
  '.read = slate_read,\n\t.write = slate_write,\n\t.llseek = slate_llseek,',
);

describe('read and write', () => {
  test('move the position, and show in the mapping', async () => {
    const trace = await traceOf(readWrite, {
      scenario: [
        'open rw',
        'a = mmap len 1p prot rw shared',
        'pwrite { u32 0x11223344, u32 5 } expect returns 8',
        'pwrite { u32 7 } expect returns 4',
        'read a expect value 0x11223344',
        'read a+8 expect value 7',
        'write a+4 9',
        'lseek 4 expect returns 4',
        'pread len 4 expect bytes 09 00 00 00',
        'lseek 5p expect EINVAL',
        'pread len 4 off 4094 expect returns 2',
        '',
      ].join('\n'),
    });
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });

  test('to memory that is not mapped fail with EFAULT', async () => {
    const trace = await traceOf(readWrite, { scenario: 'open rw\npread len 4 into 0x1000 expect EFAULT\n' });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });

  test('without functions they are refused as the kernel does', async () => {
    const trace = await traceOf(deviceWith('', ''), {
      scenario: 'open rw\npread len 4 expect EINVAL\npwrite { u32 1 } expect EINVAL\nlseek 0 expect ESPIPE\nioctl 1 0 expect ENOTTY\n',
    });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });
});

describe('structs', () => {
  const driver = deviceWith(
    `
static long slate_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct slate_request request;

	if (copy_from_user(&request, (void __user *)arg, sizeof(request)))
		return -EFAULT;
	if (request.kind != 3)
		return -EINVAL;
	request.where = request.size + 0x100000000ULL;
	if (copy_to_user((void __user *)arg, &request, sizeof(request)))
		return -EFAULT;
	return put_user(0x55, (u8 __user *)request.where) ? 1 : 2;
}
`,
    '.unlocked_ioctl = slate_ioctl,',
  );

  test('are read and written by their layout, padding included', async () => {
    const trace = await traceOf(driver, {
      scenario: 'open rw\nr = ioctl 1 { u16 3, zero 2, u32 0x20, u64 0 } expect returns 1\nexpect u64(r+8) = 0x100000020\n',
    });
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
  });

  test('of another kind are refused', async () => {
    const trace = await traceOf(driver, { scenario: 'open rw\nioctl 1 { u16 4, zero 2, u32 0, u64 0 } expect EINVAL\n' });
    expect(trace.verdict.failedExpectations).toEqual([]);
  });
});

test('a copy inside mmap that faults waits for its own lock', async () => {
  const driver = deviceWith(
    '',
    '',
    `u32 value = 1;
	if (copy_to_user((void __user *)vma->vm_start, &value, sizeof(value)))
		return -EFAULT;
	return 0;`,
  );
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared expect hang\n' });
  expect(trace.verdict.failedExpectations).toEqual([]);
  expect(textAt(trace, 2)).toContain('mmap lock');
});
