/** Macros of the kernel's headers that the text alone decides: numbers of commands, of bits and of parts. */
export const macros = `
#define _IOC(dir, type, nr, size) (((dir) << 30) | ((size) << 16) | ((type) << 8) | (nr))
#define _IO(type, nr) _IOC(0U, (type), (nr), 0)
#define _IOR(type, nr, argument) _IOC(2U, (type), (nr), (unsigned int)sizeof(argument))
#define _IOW(type, nr, argument) _IOC(1U, (type), (nr), (unsigned int)sizeof(argument))
#define _IOWR(type, nr, argument) _IOC(3U, (type), (nr), (unsigned int)sizeof(argument))
#define _IOC_NR(command) ((command) & 0xff)
#define _IOC_TYPE(command) (((command) >> 8) & 0xff)
#define _IOC_SIZE(command) (((command) >> 16) & 0x3fff)
#define _IOC_DIR(command) ((command) >> 30)
#define do_div(value, divisor) do_div_of(&(value), (divisor))
#define BIT(number) (1UL << (number))
#define BIT_ULL(number) (1ULL << (number))
#define DEFINE_RES_NAMED(from, size, text, kind) \\
	(struct resource){ .start = (from), .end = (from) + (size) - 1, .name = (text), .flags = (kind) }
#define DEFINE_RES_MEM(from, size) DEFINE_RES_NAMED((from), (size), NULL, 0x200)
#define DEFINE_RES_MEM_NAMED(from, size, text) DEFINE_RES_NAMED((from), (size), (text), 0x200)
#define DEFINE_RES_IO(from, size) DEFINE_RES_NAMED((from), (size), NULL, 0x100)
#define DEFINE_RES_IO_NAMED(from, size, text) DEFINE_RES_NAMED((from), (size), (text), 0x100)
#define DEFINE_RES_IRQ(number) DEFINE_RES_NAMED((number), 1, NULL, 0x400)
#define DEFINE_RES_IRQ_NAMED(number, text) DEFINE_RES_NAMED((number), 1, (text), 0x400)
#define BITS_TO_LONGS(count) (((count) + 63) / 64)
`;
