/** What is not as it was when all programs are gone, refusals of subsystems, and addresses of fields behind user pointers. */
import { describe, expect, it } from 'vitest';
import { traceOf } from '../support/simulate.ts';

const kindsOf = async (driver: string, scenario: string): Promise<readonly string[]> => {
  const { steps } = await traceOf(driver, { scenario });
  return steps.flatMap(({ problems }) => problems.map(({ kind }) => kind));
};

const counting = (ops: string, mmap: string) => `
struct reel { unsigned int users; struct page *page; };
static void reel_open(struct vm_area_struct *vma) { struct reel *reel = vma->vm_private_data; reel->users++; }
static void reel_close(struct vm_area_struct *vma) { struct reel *reel = vma->vm_private_data; reel->users--; }
static const struct vm_operations_struct reel_vm_ops = { ${ops} };
static int reel_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct reel *reel = file->private_data;
	${mmap}
}
static const struct file_operations reel_fops = { .mmap = reel_mmap };
`;

const install = 'vma->vm_ops = &reel_vm_ops; vma->vm_private_data = reel; reel->users++; return 0;';
const forked = `
open rw
a = mmap len 1p off 0 prot rw shared
fork child
in child: exit
exit
`;

describe('when all programs are gone', () => {
  it('a count that went down once more than up is told of', async () => {
    expect(await kindsOf(counting('.close = reel_close', install), forked)).toContain('refcount-underflow');
  });

  it('a count that is what it was is not', async () => {
    expect(await kindsOf(counting('.open = reel_open, .close = reel_close', install), forked)).toEqual([]);
  });

  it('a count that a refused mapping leaves higher is told of', async () => {
    const early = `reel->users++; if (vma_pages(vma) > 1) return -EINVAL; ${install.replace('reel->users++; ', '')}`;
    const twice = 'open rw\na = mmap len 1p off 0 prot rw shared\nb = mmap len 2p off 0 prot rw shared expect EINVAL\nexit\n';
    expect(await kindsOf(counting('.open = reel_open, .close = reel_close', early), twice)).toContain('leak');
  });

  it('nothing is said as long as one is there', async () => {
    expect(await kindsOf(counting('.close = reel_close', install), forked.replace(/exit\n$/, ''))).toEqual([]);
  });
});

describe('a dma-buf', () => {
  const exporter = `
static int tray_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct tray *tray = dmabuf->priv;
	return vm_insert_page(vma, vma->vm_start, tray->page);
}
static const struct dma_buf_ops tray_ops = { .mmap = tray_mmap };
`;

  it('is never asked for more than it holds', async () => {
    const { steps } = await traceOf(exporter, { scenario: 'assume dmabuf->size = 4p\nopen rw\na = mmap len 5p off 0 prot rw shared\n' });
    expect(steps.map(({ title }) => title)).toContain('mmap(2) returns -1, EINVAL');
    expect(steps.filter(({ kind }) => kind === 'enter')).toEqual([]);
  });
});

describe('the address of a field behind a user pointer', () => {
  const driver = `
struct wish { u32 number; u32 answer; };
static long pond_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct wish __user *wish = (struct wish __user *)arg;
	u32 number;
	if (get_user(number, &wish->number))
		return -EFAULT;
	return put_user(number + 1, &wish->answer) ? -EFAULT : 0;
}
static int pond_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static const struct file_operations pond_fops = { .mmap = pond_mmap, .unlocked_ioctl = pond_ioctl };
`;

  it('is computed, and nothing is followed', async () => {
    const trace = await traceOf(driver, { scenario: 'open rw\nioctl 1 0 expect EFAULT\nioctl 1 { u32 7, u32 0 } expect ok\n' });
    expect(trace.verdict.failedExpectations).toEqual([]);
    expect(trace.verdict.problems).toEqual([]);
  });
});
