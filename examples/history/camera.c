// SPDX-License-Identifier: MIT
/* A driver for proposals that were in no release: vma_reserve() of 2000. */
#include <linux/module.h>
#include <linux/init.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/wrapper.h>

#define CAMERA_MAJOR 135

static int camera_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma_reserve(vma);
	return 0;
}

static struct file_operations camera_fops = {
	mmap:	camera_mmap,
};

static int __init camera_init(void)
{
	return register_chrdev(CAMERA_MAJOR, "camera", &camera_fops);
}

module_init(camera_init);
