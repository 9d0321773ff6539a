// SPDX-License-Identifier: MIT
/*
 * A text screen of 40 columns and 12 lines in one page, with a cursor: write() prints as a terminal does (line feeds, carriage returns, tabs, backspaces and
 * some escape sequences), programs map the cells. ioctl SCREEN_MOVE and SCREEN_STATE take and give the cursor, SCREEN_SCROLL scrolls.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

static unsigned int count_mmap;
module_param(count_mmap, uint, 0444);

#define COLUMNS 40
#define LINES 12

struct cell {
	u8 character;
	u8 colour;
};

struct cursor {
	__s16 x;
	__s16 y;
};

#define SCREEN_MOVE _IOW('s', 1, struct cursor)
#define SCREEN_STATE _IOR('s', 2, struct cursor)
#define SCREEN_SCROLL _IO('s', 3)

enum escape { PLAIN, ESCAPE, NUMBERS };

struct screen {
	struct mutex lock;
	struct cell (*cells)[COLUMNS];
	struct cursor cursor;
	u8 colour;
	enum escape state;
	unsigned int number[2];
	unsigned int numbers;
};

static struct screen screen = {
	.lock = __MUTEX_INITIALIZER(screen.lock),
	.colour = 7,
};

static const u8 screen_tabs[] = { 8, 16, 24, 32 };

static void screen_clear(unsigned int from, unsigned int to)
{
	struct cell *cell;

	for (cell = &screen.cells[from][0]; cell < &screen.cells[to][0]; cell++)
		*cell = (struct cell){ .character = ' ', .colour = screen.colour };
}

static void screen_scroll(int lines)
{
	if (lines >= LINES)
		lines = LINES;
	memmove(screen.cells[0], screen.cells[lines], (LINES - lines) * sizeof(screen.cells[0]));
	screen_clear(LINES - lines, LINES);
}

static void screen_feed(void)
{
	if (++screen.cursor.y < LINES)
		return;
	screen_scroll(1);
	screen.cursor.y = LINES - 1;
}

static void screen_finish(char letter)
{
	unsigned int first = screen.numbers > 0 ? screen.number[0] : 1;

	switch (letter) {
	case 'A':
		screen.cursor.y = max_t(int, screen.cursor.y - (int)first, 0);
		break;
	case 'C':
		screen.cursor.x = min_t(int, screen.cursor.x + first, COLUMNS - 1);
		break;
	case 'H':
		screen.cursor.y = clamp_t(int, (int)first - 1, 0, LINES - 1);
		screen.cursor.x = screen.numbers > 1 ? clamp_t(int, (int)screen.number[1] - 1, 0, COLUMNS - 1) : 0;
		break;
	case 'J':
		screen_clear(0, LINES);
		screen.cursor = (struct cursor){};
		break;
	case 'm':
		screen.colour = screen.numbers && screen.number[0] >= 30 && screen.number[0] <= 37 ? screen.number[0] - 30 : 7;
		break;
	default:
		pr_debug("unknown escape %c\n", letter);
	}
	screen.state = PLAIN;
}

static void screen_escape(char letter)
{
	if (screen.state == ESCAPE) {
		screen.state = letter == '[' ? NUMBERS : PLAIN;
		screen.numbers = 0;
		memset(screen.number, 0, sizeof(screen.number));
		return;
	}
	if (isdigit(letter)) {
		if (!screen.numbers)
			screen.numbers = 1;
		screen.number[screen.numbers - 1] = screen.number[screen.numbers - 1] * 10 + letter - '0';
	} else if (letter == ';' && screen.numbers < ARRAY_SIZE(screen.number)) {
		screen.numbers++;
	} else {
		screen_finish(letter);
	}
}

static void screen_put(char letter)
{
	unsigned int i;

	if (screen.state != PLAIN) {
		screen_escape(letter);
		return;
	}
	switch (letter) {
	case '\033':
		screen.state = ESCAPE;
		return;
	case '\n':
		screen_feed();
		fallthrough;
	case '\r':
		screen.cursor.x = 0;
		return;
	case '\b':
		if (screen.cursor.x)
			screen.cursor.x--;
		return;
	case '\t':
		for (i = 0; i < ARRAY_SIZE(screen_tabs); i++)
			if (screen_tabs[i] > screen.cursor.x) {
				screen.cursor.x = screen_tabs[i];
				break;
			}
		return;
	}
	if (screen.cursor.x == COLUMNS) {
		screen.cursor.x = 0;
		screen_feed();
	}
	screen.cells[screen.cursor.y][screen.cursor.x++] = (struct cell){ letter, screen.colour };
}

static ssize_t screen_write(struct file *file, const char __user *from, size_t length, loff_t *position)
{
	char part[16];
	size_t done = 0, now, i;

	mutex_lock(&screen.lock);
	while (done < length) {
		now = min(length - done, sizeof(part));
		if (copy_from_user(part, from + done, now)) {
			mutex_unlock(&screen.lock);
			return done ? done : -EFAULT;
		}
		for (i = 0; i < now; i++)
			screen_put(part[i]);
		done += now;
	}
	mutex_unlock(&screen.lock);
	return done;
}

static long screen_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	struct cursor cursor;
	long result = 0;

	mutex_lock(&screen.lock);
	switch (command) {
	case SCREEN_MOVE:
		if (copy_from_user(&cursor, (void __user *)argument, sizeof(cursor)))
			result = -EFAULT;
		else if (cursor.x < 0 || cursor.y < 0 || cursor.x >= COLUMNS || cursor.y >= LINES)
			result = -EINVAL;
		else
			swap(cursor, screen.cursor);
		break;
	case SCREEN_STATE:
		if (!argument)
			result = screen.cursor.y << 8 | screen.cursor.x;
		else if (copy_to_user((void __user *)argument, &screen.cursor, sizeof(screen.cursor)))
			result = -EFAULT;
		break;
	case SCREEN_SCROLL:
		screen_scroll(argument);
		break;
	default:
		result = -ENOTTY;
	}
	mutex_unlock(&screen.lock);
	return result;
}

static int screen_mmap(struct file *file, struct vm_area_struct *vma)
{
	count_mmap++;
	return remap_vmalloc_range(vma, screen.cells, vma->vm_pgoff);
}

static const struct file_operations screen_fops = {
	.owner = THIS_MODULE,
	.write = screen_write,
	.unlocked_ioctl = screen_ioctl,
	.mmap = screen_mmap,
};

static struct miscdevice screen_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "text-screen",
	.fops = &screen_fops,
};

static int __init screen_init(void)
{
	int err;

	BUILD_BUG_ON(sizeof(struct cell) * COLUMNS * LINES > PAGE_SIZE);
	screen.cells = vmalloc_user(PAGE_SIZE);
	if (!screen.cells)
		return -ENOMEM;
	screen_clear(0, LINES);
	err = misc_register(&screen_device);
	if (err)
		vfree(screen.cells);
	return err;
}
module_init(screen_init);

static void __exit screen_exit(void)
{
	misc_deregister(&screen_device);
	vfree(screen.cells);
}
module_exit(screen_exit);

MODULE_DESCRIPTION("A text screen");
MODULE_LICENSE("GPL");
