/**
 * Runs the whole way from text to findings over a small driver of our own while nothing else is to be done: the parser's
 * WebAssembly and our own code are compiled on their first uses, and the user's file should not wait for that.
 */

import { checkDocument } from '../ide/check.ts';
import { SourceDocument } from '../ide/document.ts';
import { newestKernel } from '../kernel/version.ts';
import type { Grammar } from '../syntax/grammar.ts';

const driver = `#include <linux/fs.h>
#include <linux/mm.h>
#define CARD_PAGES 16
struct card { phys_addr_t base; unsigned long size; struct mutex lock; struct page *pages[CARD_PAGES]; };

static unsigned long card_pages(struct card *card)
{
	return card->size >> PAGE_SHIFT;
}

static vm_fault_t card_fault(struct vm_fault *vmf)
{
	struct card *card = vmf->vma->vm_private_data;

	if (vmf->pgoff >= CARD_PAGES || vmf->pgoff >= card_pages(card))
		return VM_FAULT_SIGBUS;
	get_page(card->pages[vmf->pgoff]);
	vmf->page = card->pages[vmf->pgoff];
	return 0;
}

static const struct vm_operations_struct card_vm_ops = { .fault = card_fault };

static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct card *card = file->private_data;
	unsigned long size = vma->vm_end - vma->vm_start, i;
	int err = 0;

	if (vma->vm_pgoff > card_pages(card) || size > card->size - (vma->vm_pgoff << PAGE_SHIFT))
		return -EINVAL;
	mutex_lock(&card->lock);
	switch (vma->vm_pgoff) {
	case 0:
		err = io_remap_pfn_range(vma, vma->vm_start, card->base >> PAGE_SHIFT, size, vma->vm_page_prot);
		break;
	case 1 ... 4:
		for (i = 0; i < vma_pages(vma) && !err; i++)
			err = vm_insert_page(vma, vma->vm_start + i * PAGE_SIZE, card->pages[i]);
		break;
	default:
		vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
		vma->vm_private_data = card;
		vma->vm_ops = &card_vm_ops;
	}
	mutex_unlock(&card->lock);
	return err;
}

static long card_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vm_area_struct *vma;
	long result = -EFAULT;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, arg);
	if (vma && vma->vm_start <= arg)
		result = 0;
	mmap_read_unlock(current->mm);
	return result;
}

static const struct file_operations card_fops = { .mmap = card_mmap, .unlocked_ioctl = card_ioctl };
`;

/** Checks of edited texts: most of what they run is fast after these, and more of them would still be under way when the user types. */
const edits = 40;

/** Each step does a few milliseconds of work; the first one, which reads the driver for the first time, tens of them. */
export function* warmUp(grammar: Grammar): Generator<void> {
  const target = { version: newestKernel, config: new Map<string, string>(), longBits: 64 } as const;
  const document = new SourceDocument({ grammar, host: { readFile: () => undefined }, target }, '/warm-up.c', driver);
  checkDocument(document, {});
  yield;
  for (let edit = 1; edit <= edits; edit++) {
    document.update(driver.replace('card->size >> PAGE_SHIFT', `(card->size - ${edit}) >> PAGE_SHIFT`));
    checkDocument(document, {});
    yield;
  }
}

/** Milliseconds after the start of a server in which the client tells what it has open, in pieces between which a step would fit. */
const opening = 50;

/**
 * Takes one step after the other, from a moment after the start on and none while something waits to be done, and lets whatever has come
 * in meanwhile go first. Tells when the last one is taken.
 */
export function continueIdly(steps: Generator<void>, isBusy: () => boolean, done: () => void): void {
  const start = () => {
    const timer = setInterval(() => {
      if (isBusy() || !steps.next().done) return;
      clearInterval(timer);
      done();
    }, 1);
    timer.unref();
  };
  setTimeout(start, opening).unref();
}
