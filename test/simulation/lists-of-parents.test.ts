/** A list in a struct that `container_of()` found, around a member whose size no file tells, is walked as the driver built it. */
import { expect, test } from 'vitest';
import { traceOf } from './support/simulate.ts';

const driver = `
struct entry {
	struct vm_area_struct *vma;
	struct list_head node;
};
struct parent {
	struct foreign_part part;
	struct list_head entries;
};

static int test_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct foreign_part *part = file->private_data;
	struct parent *parent = container_of(part, struct parent, part);
	struct entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL);
	struct entry *each;

	if (!entry)
		return -ENOMEM;
	entry->vma = vma;
	list_for_each_entry(each, &parent->entries, node) {
		if (each->vma == vma)
			return -EBUSY;
	}
	list_add(&entry->node, &parent->entries);
	list_for_each_entry(each, &parent->entries, node) {
		if (each->vma == vma)
			return 0;
	}
	return -ENOENT;
}

static const struct file_operations test_fops = {
	.mmap = test_mmap,
};
`;

test('it has what was added', async () => {
  const trace = await traceOf(driver, { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
  expect(trace.steps.findLast(({ title }) => title.startsWith('mmap(2) returns'))?.title).toMatch(/returns 0x/);
});
