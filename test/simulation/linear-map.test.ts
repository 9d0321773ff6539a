/** The kernel's own mapping of RAM: every physical address has a place in it, and `high_memory` is where RAM ends. */
import { expect, test } from 'vitest';
import { driverWith } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const driver = driverWith(
  `phys_addr_t at = vma->vm_pgoff << PAGE_SHIFT;
	if (phys_to_virt(at) < (void *)PAGE_OFFSET || phys_to_virt(at) >= high_memory)
		return -EPERM;
	return 0;`,
);

/** The result of mmap(2) at a physical address, in bytes. */
async function resultAt(address: string): Promise<string | undefined> {
  const trace = await traceOf(driver, { scenario: `open rw\na = mmap len 1p off ${address} prot rw shared\n` });
  return trace.steps.findLast(({ title }) => title.startsWith('mmap(2) returns'))?.title;
}

test.each(['0', '0x100000', '0x180000000'])('RAM at %s is below high_memory, whoever has it', async (address) => {
  expect(await resultAt(address)).toMatch(/^mmap\(2\) returns 0x/);
});

test('what lies behind all RAM is not', async () => {
  expect(await resultAt('0x10000000000')).toBe('mmap(2) returns -1, EPERM');
});
