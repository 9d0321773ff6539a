/** Holds the yardstick itself: what the textual scan for handlers sees, and that the driver model names all of it. */
import { describe, expect, it } from 'vitest';
import { handlerRows } from '../support/driver.ts';
import { scanHandlers } from './handler-scan.ts';

const text = `/* .mmap = in_a_comment */
static int toy_mmap(struct file *file, struct vm_area_struct *vma) { return 0; }
static const struct file_operations toy_fops = {
#ifdef CONFIG_TOY
\t.mmap = toy_mmap,
#endif
};
static const struct vm_operations_struct toy_ops = { .open = toy_open, .fault = (void *)toy_fault, .name = "toy" };
static struct toy_driver driver = { .fops = { .mmap = toy_mmap } };
static struct iommu_ops iommu = { .map_pages = toy_map_pages };
static struct file_operations old = { mmap: toy_mmap, };
static void setup(struct toy *toy)
{
\ttoy->mmap = toy_mmap;
\ttoy->mmap = toy_other;
}
#define TOY_FOPS(name) struct file_operations name = { .mmap = toy_mmap }
`;

describe('the scan for handlers', () => {
  it('sees every form of registration, with its line', () => {
    expect(scanHandlers(text).map((entry) => `${entry.function} ${entry.slot} @${entry.line}${entry.inMacro ? ' macro' : ''}`)).toEqual([
      'toy_mmap file_operations.mmap @5',
      'toy_open vm_operations_struct.open @8',
      'toy_fault vm_operations_struct.fault @8',
      'toy_mmap ?.mmap @9',
      'toy_mmap file_operations.mmap @11',
      'toy_mmap ?.mmap @14',
      'toy_mmap file_operations.mmap @17 macro',
    ]);
  });

  it('sees nothing that the driver model does not name', async () => {
    const named = await handlerRows(text);
    for (const { function: name, slot, line, form, inMacro } of scanHandlers(text)) {
      if (!inMacro) expect(named).toContain(`${name} ${slot.replace('?', form === 'assignment' ? 'toy' : 'file_operations')} @${line}`);
    }
  });
});
