/** The driver of a scenario: which file it is, and what it tells to complete a line. */
import { describe, expect, it } from 'vitest';
import { driverFor, driverPath } from '../../server/src/ide/scenario-driver.ts';
import { openText } from '../support/check-text.ts';

describe('driverPath', () => {
  it.each([
    ['open rw', '/s/ring.mmapsim', '/s/ring.c'],
    ['open rw', '/s/ring.overflow.mmapsim', '/s/ring.c'],
    ['driver "../card.c":card_mmap', '/s/t/ring.mmapsim', '/s/card.c'],
    ['opne\ndriver /x/card.c', '/s/ring.mmapsim', '/x/card.c'],
  ])('of %j in %s', (text, file, driver) => {
    expect(driverPath(text, file)).toBe(driver);
  });
});

const card = `
#define CARD_RESET 7
#define CARD_FLUSH 8
#define CARD_SIZE _IOR('c', 1, unsigned long)
struct card { unsigned long base; unsigned long size; };
static long card_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case CARD_RESET:
		return 0;
	}
	return -ENOTTY;
}
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start;

	if (size > card->size)
		return -EINVAL;
	return remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, size, vma->vm_page_prot);
}
static const struct file_operations card_fops = { .mmap = card_mmap, .unlocked_ioctl = card_ioctl };
`;

describe('driverFor', () => {
  it('names the commands of ioctl functions, and macros that are made like them', async () => {
    const driver = driverFor(await openText({ text: card }), 'open rw\nioctl ', '/s/card.mmapsim', 1);
    expect(driver.commands()).toEqual(['CARD_RESET', 'CARD_SIZE']);
  });

  it('names what a run of the other lines assumes', async () => {
    const text = 'assume ca\nopen rw\na = mmap len 1p prot rw shared\n';
    expect(driverFor(await openText({ text: card }), text, '/s/card.mmapsim', 0).assumptions()).toEqual(
      expect.arrayContaining(['card->size', 'card->base']),
    );
  });
});
