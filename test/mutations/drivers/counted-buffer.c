// kernel: 6.12
/* A buffer that lives for as long as anybody maps it: every vma holds a reference. */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct tape {
	struct kref ref;
	void *memory;
};

static void tape_free(struct kref *ref)
{
	struct tape *tape = container_of(ref, struct tape, ref);

	vfree(tape->memory);
	kfree(tape);
}

static void tape_vm_open(struct vm_area_struct *vma)
{
	struct tape *tape = vma->vm_private_data;

	kref_get(&tape->ref);
}

static void tape_vm_close(struct vm_area_struct *vma)
{
	struct tape *tape = vma->vm_private_data;

	kref_put(&tape->ref, tape_free);
}

static const struct vm_operations_struct tape_vm_ops = {
	.open = tape_vm_open,
	.close = tape_vm_close,
};

static int tape_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct tape *tape = file->private_data;
	int ret;

	ret = remap_vmalloc_range(vma, tape->memory, vma->vm_pgoff);
	if (ret)
		return ret;
	vma->vm_private_data = tape;
	vma->vm_ops = &tape_vm_ops;
	tape_vm_open(vma);
	return 0;
}

static int tape_release(struct inode *inode, struct file *file)
{
	struct tape *tape = file->private_data;

	kref_put(&tape->ref, tape_free);
	return 0;
}

static int tape_open(struct inode *inode, struct file *file)
{
	struct tape *tape = kzalloc(sizeof(*tape), GFP_KERNEL);

	if (!tape)
		return -ENOMEM;
	kref_init(&tape->ref);
	tape->memory = vmalloc_user(32 * PAGE_SIZE);
	if (!tape->memory) {
		kfree(tape);
		return -ENOMEM;
	}
	file->private_data = tape;
	return 0;
}

static const struct file_operations tape_fops = {
	.owner = THIS_MODULE,
	.open = tape_open,
	.mmap = tape_mmap,
	.release = tape_release,
};
