// kernel: 6.12
/* Two banks of memory behind each other in one mapping, remapped in pieces; shared mappings only. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#define BANK_BYTES 0x8000UL

struct banks {
	phys_addr_t low;
	phys_addr_t high;
};

static int banks_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct banks *banks = file->private_data;
	int ret;

	if (vma->vm_end - vma->vm_start != 2 * BANK_BYTES || vma->vm_pgoff)
		return -EINVAL;
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	ret = io_remap_pfn_range(vma, vma->vm_start, banks->low >> PAGE_SHIFT, BANK_BYTES, vma->vm_page_prot);
	if (ret)
		return ret;
	return io_remap_pfn_range(vma, vma->vm_start + BANK_BYTES, banks->high >> PAGE_SHIFT, BANK_BYTES,
				  vma->vm_page_prot);
}

static const struct file_operations banks_fops = {
	.owner = THIS_MODULE,
	.mmap = banks_mmap,
};
