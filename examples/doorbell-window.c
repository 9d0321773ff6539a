// SPDX-License-Identifier: MIT
/*
 * An example driver with quieter mistakes: one page of doorbell registers per queue, mapped when it is first touched, and an
 * ioctl that moves the window to another queue. Bounds are checked; what is wrong is who may map and under which lock.
 */
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define BELL_MOVE _IOW('B', 1, unsigned long)

struct bell {
	struct miscdevice misc;
	phys_addr_t regs;
	unsigned long queues;
	unsigned long window;
};

static struct bell *bell_from_file(struct file *file)
{
	return container_of(file->private_data, struct bell, misc);
}

static vm_fault_t bell_fault(struct vm_fault *vmf)
{
	struct bell *bell = vmf->vma->vm_private_data;

	if (vmf->pgoff >= bell->queues)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, (bell->regs >> PAGE_SHIFT) + vmf->pgoff);
}

static const struct vm_operations_struct bell_vm_ops = {
	.fault = bell_fault,
};

/* A private mapping is let through: its first write meets the assertion in the fault handler's call. */
static int bell_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct bell *bell = bell_from_file(file);

	if (vma->vm_pgoff >= bell->queues || vma_pages(vma) > bell->queues - vma->vm_pgoff)
		return -EINVAL;

	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_private_data = bell;
	vma->vm_ops = &bell_vm_ops;
	bell->window = vma->vm_start;
	return 0;
}

/* Looks the window up and maps again without the lock that both need. */
static long bell_ioctl(struct file *file, unsigned int cmd, unsigned long queue)
{
	struct bell *bell = bell_from_file(file);
	struct vm_area_struct *vma;

	if (cmd != BELL_MOVE)
		return -ENOTTY;
	if (queue >= bell->queues)
		return -EINVAL;

	vma = find_vma(current->mm, bell->window);
	if (!vma || vma->vm_start > bell->window)
		return -EFAULT;

	return io_remap_pfn_range(vma, vma->vm_start, (bell->regs >> PAGE_SHIFT) + queue, PAGE_SIZE, vma->vm_page_prot);
}

static const struct file_operations bell_fops = {
	.owner = THIS_MODULE,
	.mmap = bell_mmap,
	.unlocked_ioctl = bell_ioctl,
};

static void bell_gone(void *data)
{
	struct bell *bell = data;

	misc_deregister(&bell->misc);
}

static int bell_probe(struct platform_device *pdev)
{
	struct resource *res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	struct bell *bell;
	int err;

	if (!res)
		return -ENODEV;
	bell = devm_kzalloc(&pdev->dev, sizeof(*bell), GFP_KERNEL);
	if (!bell)
		return -ENOMEM;

	bell->regs = res->start;
	bell->queues = resource_size(res) >> PAGE_SHIFT;
	bell->misc.minor = MISC_DYNAMIC_MINOR;
	bell->misc.name = "doorbell";
	bell->misc.fops = &bell_fops;
	err = misc_register(&bell->misc);
	if (err)
		return err;
	return devm_add_action_or_reset(&pdev->dev, bell_gone, bell);
}

static struct platform_driver bell_driver = {
	.probe = bell_probe,
	.driver = { .name = "doorbell" },
};
module_platform_driver(bell_driver);

MODULE_DESCRIPTION("Example of a driver with locking and copy-on-write mistakes");
MODULE_LICENSE("Dual MIT/GPL");
