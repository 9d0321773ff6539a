// SPDX-License-Identifier: MIT
/*
 * The helper of the oracle: tells what the page tables of a process say and how often a page is counted, which pagemap does
 * not tell of VM_PFNMAP mappings, and holds pages for a while like a driver with get_user_pages. It has no mmap of its own.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "oracle-inspect.h"

#define SLOTS 8
#define MOST_PAGES 64
#define MOST_TURNED 512

static struct {
	struct page *page[MOST_PAGES];
	int count;
} pins[SLOTS];

/* The entry for an address of this process; false when a table is missing. */
static bool entry_of(unsigned long address, pte_t *entry)
{
	pgd_t *pgd = pgd_offset(current->mm, address);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;

	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return false;
	p4d = p4d_offset(pgd, address);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return false;
	pud = pud_offset(p4d, address);
	if (pud_none(*pud) || pud_bad(*pud))
		return false;
	pmd = pmd_offset(pud, address);
	if (pmd_none(*pmd) || pmd_bad(*pmd))
		return false;
	*entry = *pte_offset_kernel(pmd, address);
	return true;
}

static void tell_frame(struct oracle_page *told)
{
	struct page *page;

	told->has_page = pfn_valid(told->pfn);
	if (!told->has_page)
		return;
	page = pfn_to_page(told->pfn);
	told->refcount = page_count(page);
	told->mapcount = atomic_read(&page->_mapcount) + 1;
	told->reserved = PageReserved(page);
	told->anonymous = PageAnon(page);
	told->zero = is_zero_pfn(told->pfn);
	told->slab = PageSlab(page);
}

/*
 * A page that can be watched until it is freed: of a driver, and in use. What has no count is free already, or lies behind the first
 * page of a block.
 */
static bool is_watched(const struct oracle_page *told)
{
	return told->has_page && !told->zero && !told->slab && !told->anonymous && told->refcount > 0;
}

static void tell_entry(struct oracle_page *told)
{
	pte_t entry;
	bool present;

	mmap_read_lock(current->mm);
	present = entry_of(told->address, &entry) && pte_present(entry);
	mmap_read_unlock(current->mm);
	if (!present)
		return;
	told->present = 1;
	told->pfn = pte_pfn(entry);
	told->writable = !!pte_write(entry);
	told->special = !!pte_special(entry);
	told->cache = (pte_flags(entry) & _PAGE_PWT ? 1 : 0) + (pte_flags(entry) & _PAGE_PCD ? 2 : 0) + (pte_flags(entry) & _PAGE_PAT ? 4 : 0);
	tell_frame(told);
	if (is_watched(told))
		set_bit(PG_mappedtodisk, &pfn_to_page(told->pfn)->flags);
}

/* The number of pages that were taken, or an error. */
static long take(unsigned long address, unsigned long length, bool write, struct page **pages)
{
	unsigned long first = address & PAGE_MASK;
	unsigned long count = (PAGE_ALIGN(address + length) - first) >> PAGE_SHIFT;

	if (count == 0 || count > MOST_PAGES)
		return -EINVAL;
	return get_user_pages_fast(first, count, write ? FOLL_WRITE : 0, pages);
}

static void give_back(struct page **pages, long count)
{
	while (count > 0)
		put_page(pages[--count]);
}

/*
 * Has the allocator hand out what was freed last, so that it checks these pages now, and not in a later scenario: it keeps them in lists
 * for each kind and each small size.
 */
static void turn_over(gfp_t kind, unsigned int order, unsigned int count)
{
	static struct page *taken[MOST_TURNED];
	unsigned int done = 0;

	while (done < count && (taken[done] = alloc_pages(kind | __GFP_NOWARN, order)))
		done++;
	while (done > 0)
		__free_pages(taken[--done], order);
}

static void turn_over_all(void)
{
	unsigned int order;

	for (order = 0; order <= PAGE_ALLOC_COSTLY_ORDER; order++) {
		turn_over(GFP_KERNEL, order, MOST_TURNED >> 2 * order);
		turn_over(GFP_HIGHUSER_MOVABLE, order, MOST_TURNED >> 2 * order);
	}
}

/* Leaves nothing of the scenario before: it may hold pages still, and may have written to the page of zeros. */
static void clear_all(void)
{
	for (int i = 0; i < SLOTS; i++) {
		give_back(pins[i].page, pins[i].count);
		pins[i].count = 0;
	}
	clear_page(page_address(ZERO_PAGE(0)));
}

static long copy(const struct oracle_copy *wanted)
{
	struct page *pages[MOST_PAGES];
	long count = take(wanted->address, wanted->length, wanted->write, pages);
	unsigned long offset = offset_in_page(wanted->address);
	u64 done = 0;

	for (long i = 0; i < count && done < wanted->length; i++, offset = 0) {
		unsigned long part = min_t(u64, PAGE_SIZE - offset, wanted->length - done);
		void *from = kmap_local_page(pages[i]) + offset;
		unsigned long left;

		if (wanted->write)
			left = copy_from_user(from, u64_to_user_ptr(wanted->buffer + done), part);
		else
			left = copy_to_user(u64_to_user_ptr(wanted->buffer + done), from, part);
		kunmap_local(from);
		if (left)
			break;
		done += part;
	}
	give_back(pages, count);
	return count < 0 ? count : done;
}

static long inspect_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	void __user *user = (void __user *)argument;
	struct oracle_page page;
	struct oracle_pin pin;
	struct oracle_copy wanted;

	switch (command) {
	case ORACLE_PAGE:
	case ORACLE_FRAME:
		if (copy_from_user(&page, user, sizeof(page)))
			return -EFAULT;
		if (command == ORACLE_PAGE) {
			tell_entry(&page);
		} else {
			tell_frame(&page);
			page.marked = page.has_page && test_and_clear_bit(PG_mappedtodisk, &pfn_to_page(page.pfn)->flags);
		}
		return copy_to_user(user, &page, sizeof(page)) ? -EFAULT : 0;
	case ORACLE_PIN:
		if (copy_from_user(&pin, user, sizeof(pin)) || pin.slot >= SLOTS || pins[pin.slot].count)
			return -EINVAL;
		argument = take(pin.address, pin.length, pin.write, pins[pin.slot].page);
		if ((long)argument > 0)
			pins[pin.slot].count = argument;
		return argument;
	case ORACLE_UNPIN:
		if (argument >= SLOTS || pins[argument].count == 0)
			return -EINVAL;
		give_back(pins[argument].page, pins[argument].count);
		pins[argument].count = 0;
		return 0;
	case ORACLE_CLEAR:
		clear_all();
		return 0;
	case ORACLE_CHECK:
		turn_over_all();
		return 0;
	case ORACLE_COPY:
		return copy_from_user(&wanted, user, sizeof(wanted)) ? -EFAULT : copy(&wanted);
	}
	return -ENOTTY;
}

static const struct file_operations inspect_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = inspect_ioctl,
};

static struct miscdevice inspect_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = ORACLE_DEVICE,
	.fops = &inspect_fops,
};

module_misc_device(inspect_device);
MODULE_DESCRIPTION("Tells what page tables and pages are like");
MODULE_LICENSE("GPL");
