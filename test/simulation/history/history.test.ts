/** The systems of old kernels: each scenario of examples/history runs on the kernel of its time, and docs/history.md tells of it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../../server/src/protocol/trace.ts';
import { resultAt, traceOf } from '../support/simulate.ts';

const folder = path.resolve(import.meta.dirname, '../../../examples/history');
const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/history.md'), 'utf8');
const scenarios = readdirSync(folder).filter((name) => name.endsWith('.mmapsim'));

/** A scenario on its own driver and kernel, or on another kernel. */
async function run(name: string, kernel?: string): Promise<Trace> {
  const text = readFileSync(path.join(folder, name), 'utf8');
  const driver = /^driver "(.*)"$/m.exec(text)?.[1] ?? '';
  const own = /^kernel (.*)$/m.exec(text)?.[1] ?? '';
  const scenario = kernel === undefined ? text : text.replace(/^kernel .*$/m, `kernel ${kernel}`);
  return traceOf(readFileSync(path.join(folder, driver), 'utf8'), { scenario, kernel: kernel ?? own });
}

describe('each scenario', () => {
  test.each(scenarios)('%s', async (name) => {
    const trace = await run(name);
    expect(trace.verdict).toMatchObject({ outcome: 'completed', failedExpectations: [] });
    expect(trace.verdict.summary).toMatch(/its (\d+ )?expectations? holds?/);
  });

  test.each(scenarios)('%s stands on the page', (name) => {
    expect(page).toContain(`examples/history/${name}`);
  });

  test('fails on a kernel that does it another way', async () => {
    const failing = async (name: string, kernel: string) => (await run(name, kernel)).verdict.outcome !== 'completed';
    expect(await failing('skipped-ram.mmapsim', '2.6.15')).toBe(true);
    expect(await failing('swap-out.mmapsim', '2.6.9')).toBe(true);
    expect(await failing('vm-reserved.mmapsim', '3.7')).toBe(true);
    expect(await failing('populate.mmapsim', '2.6.23')).toBe(true);
    expect(await failing('vm-unpaged.mmapsim', '2.6.15-rc4')).toBe(true);
    expect(await failing('vm-incomplete.mmapsim', '2.6.15')).toBe(true);
    expect(await failing('nopfn.mmapsim', '2.6.18')).toBe(true);
    expect(await failing('cow-rule.mmapsim', '2.6.12')).toBe(true);
    expect(await failing('get-user-pages.mmapsim', '2.6.15')).toBe(true);
  });
});

describe('what a kernel has not is said, not run', () => {
  const example = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const using = (pages: number) => `open rw\na = mmap len ${pages}p prot rw shared\nread a\n`;
  const scenario = using(1);

  test.each([
    ['camera.c', 1, '2.4', 'vma_reserve() does not exist in Linux 2.4'],
    ['bus.c', 1, '2.6.9', 'struct vm_operations_struct has no member nopage_dma in Linux 2.6.9'],
    ['table.c', 1, '2.6.23', 'struct vm_operations_struct has no member populate in Linux 2.6.23: it went with 2.6.23'],
    ['dac.c', 1, '6.12', 'struct vm_operations_struct has no member nopage in Linux 6.12: it went with 2.6.26'],
    ['grabber.c', 1, '3.7', 'VM_RESERVED is not defined in Linux 3.7: it went with 3.7'],
    ['tuner.c', 1, '2.6.15', 'remap_page_range() does not exist in Linux 2.6.15'],
    ['board.c', 1, '2.6.18', 'io_remap_page_range() does not exist in Linux 2.6.18'],
    ['sampler.c', 1, '2.4.18', 'vmalloc_to_page() does not exist in Linux 2.4.18'],
    ['sheets.c', 3, '2.6.14', 'vm_insert_page() does not exist in Linux 2.6.14: it came with 2.6.15-rc4'],
    ['doorbells.c', 2, '2.6.12', 'VM_PFNMAP is not defined in Linux 2.6.12: it came with 2.6.15-rc4'],
  ])('%s with %i pages on %s', async (file, pages, kernel, because) => {
    const trace = await traceOf(example(file), { scenario: using(pages), kernel });
    expect(trace.verdict.outcome).toBe('stopped');
    expect(trace.verdict.stoppedBecause).toContain(because);
  });

  test('a handler with the arguments of another kernel', async () => {
    const driver = `
static int x_fault(struct vm_area_struct *vma, struct vm_fault *vmf) { return VM_FAULT_SIGBUS; }
static const struct vm_operations_struct x_ops = { .fault = x_fault };
static int x_mmap(struct file *file, struct vm_area_struct *vma) { vma->vm_ops = &x_ops; return 0; }
static const struct file_operations x_fops = { .mmap = x_mmap };
`;
    const old = await traceOf(driver, { scenario: scenario.replace('read a', 'read a expect SIGBUS'), kernel: '4.4' });
    expect(old.verdict.outcome).toBe('completed');
    const young = await traceOf(driver, { scenario, kernel: '6.12' });
    expect(young.verdict.stoppedBecause).toContain("fault takes 1 argument in Linux 6.12, and the driver's function 2");
  });
});

describe('the edges of an era', () => {
  test('2.6.9 stops on an entry that is there already; 2.4.0 replaces it', async () => {
    const driver = `
static unsigned long twice_page;
static int twice_mmap(struct file *file, struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(2, 5, 3)
	remap_page_range(vma->vm_start, 0xfd000000, PAGE_SIZE, vma->vm_page_prot);
	return remap_page_range(vma->vm_start, 0xfd001000, PAGE_SIZE, vma->vm_page_prot);
#else
	remap_page_range(vma, vma->vm_start, 0xfd000000, PAGE_SIZE, vma->vm_page_prot);
	return remap_page_range(vma, vma->vm_start, 0xfd001000, PAGE_SIZE, vma->vm_page_prot);
#endif
}
static struct file_operations twice_fops = { mmap: twice_mmap };
`;
    const scenario = 'open rw\na = mmap len 1p prot rw shared\n';
    const kinds = async (kernel: string) => (await traceOf(driver, { scenario, kernel })).verdict.problems.map(({ kind }) => kind);
    expect(await kinds('2.6.9')).toContain('kernel-bug');
    expect(await kinds('2.4.22')).toContain('kernel-bug');
    expect(await kinds('2.4')).not.toContain('kernel-bug');
  });

  test('MAP_POPULATE reaches nopage from 2.6.23 on', async () => {
    const driver = readFileSync(path.join(folder, 'dac.c'), 'utf8');
    const scenario = 'open rw\na = mmap len 4p prot rw shared populate\nexpect present a = yes\n';
    expect((await traceOf(driver, { scenario, kernel: '2.6.22' })).verdict.outcome).toBe('expectationFailed');
    expect((await traceOf(driver, { scenario, kernel: '2.6.23' })).verdict.outcome).toBe('completed');
  });

  test('a dirty page of a driver is not lost when 2.4 runs short', async () => {
    const driver = readFileSync(path.join(folder, 'dac.c'), 'utf8');
    const trace = await traceOf(driver, {
      scenario: 'open rw\na = mmap len 1p prot rw shared\nwrite a 9\npressure\nread a\n',
      kernel: '2.4',
    });
    expect(resultAt(trace, 5)).toBe('the value is 0x9');
  });
});
