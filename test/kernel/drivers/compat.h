/* SPDX-License-Identifier: MIT */
/* What the modules of this folder need to be built for 6.1 too: the calls that change the flags of a vma came with 6.3. */
#ifndef ORACLE_COMPAT_H
#define ORACLE_COMPAT_H

#include <linux/mm.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#endif
