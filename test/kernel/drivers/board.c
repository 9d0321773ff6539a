// SPDX-License-Identifier: MIT
/*
 * A platform device that its own module registers, with a window of registers and a window of memory for resources; its driver probes it with
 * managed calls and makes the device node. Offset 0 maps the registers, offset 16 pages the memory.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/version.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define BOARD_MEMORY_OFFSET 16
#define BOARD_ID 0x08
#define BOARD_SCRATCH 0x10

struct board {
	struct miscdevice misc;
	struct resource *registers;
	struct resource *memory;
	void __iomem *base;
	char *name;
	u32 id;
};

static struct platform_device *board_pdev;

static const struct resource board_resources[] = {
	DEFINE_RES_MEM_NAMED(0x18000000, 0x1000, "registers"),
	DEFINE_RES_MEM_NAMED(0x18100000, 0x3000, "memory"),
	DEFINE_RES_IRQ(11),
};

static int board_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct board *board = container_of(file->private_data, struct board, misc);

	count_mmap++;
	if (vma->vm_pgoff < BOARD_MEMORY_OFFSET) {
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
		return vm_iomap_memory(vma, board->registers->start, resource_size(board->registers));
	}
	vma->vm_pgoff -= BOARD_MEMORY_OFFSET;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return vm_iomap_memory(vma, board->memory->start, resource_size(board->memory));
}

static long board_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct board *board = container_of(file->private_data, struct board, misc);

	switch (command) {
	case 0x101:
		return board->id;
	case 0x102:
		writel(argument, board->base + BOARD_SCRATCH);
		return 0;
	case 0x103:
		return readl(board->base + BOARD_SCRATCH);
	case 0x104:
		return resource_size(board->memory);
	case 0x105:
		return strlen(board->name);
	case 0x106:
		return platform_get_irq(board_pdev, 0);
	}
	return -EINVAL;
}

static const struct file_operations board_fops = {
	.owner = THIS_MODULE,
	.mmap = board_mmap,
	.unlocked_ioctl = board_ioctl,
};

static int board_probe(struct platform_device *pdev)
{
	struct board *board;

	board = devm_kzalloc(&pdev->dev, sizeof(*board), GFP_KERNEL);
	if (!board)
		return -ENOMEM;
	board->registers = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	board->base = devm_ioremap_resource(&pdev->dev, board->registers);
	if (IS_ERR(board->base))
		return PTR_ERR(board->base);
	board->memory = platform_get_resource_byname(pdev, IORESOURCE_MEM, "memory");
	if (!board->memory)
		return -ENODEV;
	if (!devm_request_mem_region(&pdev->dev, board->memory->start, resource_size(board->memory), "board"))
		return -EBUSY;
	board->name = devm_kasprintf(&pdev->dev, GFP_KERNEL, "%s-%d", pdev->name, pdev->id);
	if (!board->name)
		return -ENOMEM;
	writel(0x1234, board->base + BOARD_ID);
	board->id = readl(board->base + BOARD_ID);
	board->misc.minor = MISC_DYNAMIC_MINOR;
	board->misc.name = "board";
	board->misc.fops = &board_fops;
	board->misc.parent = &pdev->dev;
	platform_set_drvdata(pdev, board);
	return misc_register(&board->misc);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
static int board_remove(struct platform_device *pdev)
{
	struct board *board = platform_get_drvdata(pdev);

	misc_deregister(&board->misc);
	return 0;
}
#else
static void board_remove(struct platform_device *pdev)
{
	struct board *board = platform_get_drvdata(pdev);

	misc_deregister(&board->misc);
}
#endif

static struct platform_driver board_driver = {
	.probe = board_probe,
	.remove = board_remove,
	.driver = {
		.name = "oracle-board",
	},
};

static int __init board_init(void)
{
	int err;

	err = platform_driver_register(&board_driver);
	if (err)
		return err;
	board_pdev = platform_device_register_simple("oracle-board", 3, board_resources, ARRAY_SIZE(board_resources));
	if (IS_ERR(board_pdev)) {
		platform_driver_unregister(&board_driver);
		return PTR_ERR(board_pdev);
	}
	return 0;
}
module_init(board_init);

static void __exit board_exit(void)
{
	platform_device_unregister(board_pdev);
	platform_driver_unregister(&board_driver);
}
module_exit(board_exit);

MODULE_DESCRIPTION("A platform device with two windows");
MODULE_LICENSE("GPL");
