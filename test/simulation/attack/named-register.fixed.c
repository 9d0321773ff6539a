/* One page of registers whose address the driver knows. */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>

#define LAMP_BASE 0x15000000UL

static int lamp_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma_pages(vma) != 1)
		return -EINVAL;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start, LAMP_BASE >> PAGE_SHIFT, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations lamp_fops = {
	.owner = THIS_MODULE,
	.mmap = lamp_mmap,
};

static struct miscdevice lamp_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lamp",
	.fops = &lamp_fops,
};


static void __iomem *lamp_regs;

static int __init lamp_init(void)
{
	lamp_regs = ioremap(LAMP_BASE, PAGE_SIZE);
	if (!lamp_regs)
		return -ENOMEM;
	return misc_register(&lamp_misc);
}
module_init(lamp_init);
MODULE_LICENSE("GPL");
