// SPDX-License-Identifier: MIT
/*
 * A mapping with a gate at every turn: may_split, mremap and mprotect each ask a bit that ioctl 0x801 sets before they let go; open and close keep a count of the vmas in the
 * buffer's header, which the program can read. The buffer goes when neither file nor vma holds it.
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned int count_mmap, count_open, count_close, count_may_split, count_mremap, count_mprotect, count_fault;
module_param(count_mmap, uint, 0444);
module_param(count_open, uint, 0444);
module_param(count_close, uint, 0444);
module_param(count_may_split, uint, 0444);
module_param(count_mremap, uint, 0444);
module_param(count_mprotect, uint, 0444);
module_param(count_fault, uint, 0444);

enum { GATE_SPLIT = 1, GATE_MOVE = 2, GATE_PROTECT = 4, GATE_WRITE_ONLY = 8 };

struct gated {
	struct kref ref;
	unsigned int gates;
	u32 *header;
	struct page *body[3];
};

static void gated_free(struct kref *ref)
{
	struct gated *g = container_of(ref, struct gated, ref);
	int i;

	for (i = 0; i < ARRAY_SIZE(g->body); i++)
		put_page(g->body[i]);
	free_page((unsigned long)g->header);
	kfree(g);
}

static void gated_vma_open(struct vm_area_struct *vma)
{
	struct gated *g = vma->vm_private_data;

	count_open++;
	kref_get(&g->ref);
	g->header[0]++;
	g->header[1] = vma_pages(vma);
}

static void gated_vma_close(struct vm_area_struct *vma)
{
	struct gated *g = vma->vm_private_data;

	count_close++;
	g->header[0]--;
	g->header[2] = vma->vm_pgoff;
	kref_put(&g->ref, gated_free);
}

static int gated_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	struct gated *g = vma->vm_private_data;

	count_may_split++;
	g->header[3] = (addr - vma->vm_start) >> PAGE_SHIFT;
	return g->gates & GATE_SPLIT ? -EBUSY : 0;
}

static int gated_mremap(struct vm_area_struct *vma)
{
	struct gated *g = vma->vm_private_data;

	count_mremap++;
	g->header[4]++;
	return g->gates & GATE_MOVE ? -EPERM : 0;
}

static int gated_mprotect(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long newflags)
{
	struct gated *g = vma->vm_private_data;

	count_mprotect++;
	g->header[5] = newflags & (VM_READ | VM_WRITE | VM_EXEC);
	if (g->gates & GATE_WRITE_ONLY)
		return newflags & VM_WRITE ? -EACCES : 0;
	return g->gates & GATE_PROTECT ? -EPERM : 0;
}

static vm_fault_t gated_fault(struct vm_fault *vmf)
{
	struct gated *g = vmf->vma->vm_private_data;
	pgoff_t nr = vmf->pgoff;

	count_fault++;
	if (nr > ARRAY_SIZE(g->body))
		return VM_FAULT_SIGBUS;
	vmf->page = nr ? g->body[nr - 1] : virt_to_page(g->header);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct gated_vm_ops = {
	.open = gated_vma_open,
	.close = gated_vma_close,
	.may_split = gated_may_split,
	.mremap = gated_mremap,
	.mprotect = gated_mprotect,
	.fault = gated_fault,
};

static int gated_open(struct inode *inode, struct file *filp)
{
	struct gated *g;
	int i;

	g = kzalloc(sizeof(*g), GFP_KERNEL);
	if (!g)
		return -ENOMEM;
	kref_init(&g->ref);
	g->header = (u32 *)get_zeroed_page(GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(g->body); i++)
		g->body[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	filp->private_data = g;
	return 0;
}

static int gated_release(struct inode *inode, struct file *filp)
{
	struct gated *g = filp->private_data;

	kref_put(&g->ref, gated_free);
	return 0;
}

static int gated_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct gated *g = filp->private_data;

	count_mmap++;
	vma->vm_private_data = g;
	vma->vm_ops = &gated_vm_ops;
	kref_get(&g->ref);
	g->header[0]++;
	return 0;
}

static long gated_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct gated *g = filp->private_data;

	switch (cmd) {
	case 0x801:
		g->gates = arg;
		return 0;
	case 0x802:
		return kref_read(&g->ref);
	case 0x803:
		return arg < 16 ? g->header[arg] : -EINVAL;
	}
	return -ENOTTY;
}

static const struct file_operations gated_fops = {
	.owner = THIS_MODULE,
	.open = gated_open,
	.release = gated_release,
	.mmap = gated_mmap,
	.unlocked_ioctl = gated_ioctl,
};

static struct miscdevice gated_device = { MISC_DYNAMIC_MINOR, "gates", &gated_fops };
module_misc_device(gated_device);
MODULE_LICENSE("GPL");
