/* A mapping takes no reference when it is copied by fork(2) or split, but gives one back for each vma that goes. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

struct session {
	struct kref refs;
	struct page *page;
};

static void session_release(struct kref *refs)
{
	struct session *session = container_of(refs, struct session, refs);

	__free_page(session->page);
	kfree(session);
}

static void session_vma_close(struct vm_area_struct *vma)
{
	struct session *session = vma->vm_private_data;

	kref_put(&session->refs, session_release);
}

static const struct vm_operations_struct session_vm_ops = {
	.close = session_vma_close,
};

static int session_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct session *session = file->private_data;
	int ret;

	if (vma->vm_pgoff != 0 || vma_pages(vma) != 1)
		return -EINVAL;
	ret = vm_insert_page(vma, vma->vm_start, session->page);
	if (ret)
		return ret;
	vm_flags_set(vma, VM_DONTEXPAND);
	kref_get(&session->refs);
	vma->vm_private_data = session;
	vma->vm_ops = &session_vm_ops;
	return 0;
}

static int session_open(struct inode *inode, struct file *file)
{
	struct session *session = kzalloc(sizeof(*session), GFP_KERNEL);

	if (!session)
		return -ENOMEM;
	session->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!session->page) {
		kfree(session);
		return -ENOMEM;
	}
	kref_init(&session->refs);
	file->private_data = session;
	return 0;
}

static int session_close(struct inode *inode, struct file *file)
{
	struct session *session = file->private_data;

	kref_put(&session->refs, session_release);
	return 0;
}

static const struct file_operations session_fops = {
	.owner = THIS_MODULE,
	.mmap = session_mmap,
	.open = session_open,
	.release = session_close,
};

static struct miscdevice session_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "session",
	.fops = &session_fops,
};
module_misc_device(session_misc);
MODULE_LICENSE("GPL");
