/** Fields of words, bits in other orders, bytes that are not aligned, check sums and wide divisions (linux/bitfield.h, lib/, linux/math64.h). */

/** The helpers of one width and one order of bytes: `get_unaligned_be32`, `cpu_to_be32p`, `be32_add_cpu` and their like. */
function ordered(order: 'be' | 'le', bits: 16 | 32 | 64): string {
  const type = { 16: 'unsigned short', 32: 'unsigned int', 64: 'unsigned long long' }[bits];
  const bytes = Array.from({ length: bits / 8 }, (_, index) => index);
  const shift = (index: number) => 8 * (order === 'le' ? index : bits / 8 - 1 - index);
  return `
${type} get_unaligned_${order}${bits}(const void *memory)
{
	const unsigned char *byte = memory;

	return ${bytes.map((index) => `((${type})byte[${index}] << ${shift(index)})`).join(' | ')};
}

void put_unaligned_${order}${bits}(${type} value, void *memory)
{
	unsigned char *byte = memory;
${bytes.map((index) => `\n\tbyte[${index}] = value >> ${shift(index)};`).join('')}
}

${type} ${order}${bits}_to_cpup(const ${type} *number)
{
	return ${order}${bits}_to_cpu(*number);
}

${type} cpu_to_${order}${bits}p(const ${type} *number)
{
	return cpu_to_${order}${bits}(*number);
}

void ${order}${bits}_to_cpus(${type} *number)
{
	*number = ${order}${bits}_to_cpu(*number);
}

void cpu_to_${order}${bits}s(${type} *number)
{
	*number = cpu_to_${order}${bits}(*number);
}

void ${order}${bits}_add_cpu(${type} *number, ${type} value)
{
	*number = cpu_to_${order}${bits}(${order}${bits}_to_cpu(*number) + value);
}
`;
}

/** Those of one width: rotation, `u32_get_bits` and its like. */
function ofWidth(bits: 8 | 16 | 32 | 64): string {
  const type = { 8: 'unsigned char', 16: 'unsigned short', 32: 'unsigned int', 64: 'unsigned long long' }[bits];
  return `
${type} rol${bits}(${type} word, unsigned int shift)
{
	return (word << (shift & ${bits - 1})) | (word >> ((-shift) & ${bits - 1}));
}

${type} ror${bits}(${type} word, unsigned int shift)
{
	return (word >> (shift & ${bits - 1})) | (word << ((-shift) & ${bits - 1}));
}

${type} u${bits}_get_bits(${type} word, ${type} mask)
{
	return (word & mask) >> __ffs(mask);
}

${type} u${bits}_encode_bits(${type} value, ${type} mask)
{
	return (value << __ffs(mask)) & mask;
}

${type} u${bits}_replace_bits(${type} word, ${type} value, ${type} mask)
{
	return (word & ~mask) | u${bits}_encode_bits(value, mask);
}

void u${bits}p_replace_bits(${type} *word, ${type} value, ${type} mask)
{
	*word = u${bits}_replace_bits(*word, value, mask);
}
`;
}

const orders = ['be', 'le'] as const;

export const numbers = `
#define FIELD_MAX(mask) ((mask) >> __ffs(mask))
#define FIELD_FIT(mask, value) (!((((value) + ((mask) & 0)) << __ffs(mask)) & ~(mask)))
#define FIELD_PREP(mask, value) ((((value) + ((mask) & 0)) << __ffs(mask)) & (mask))
#define FIELD_PREP_CONST(mask, value) FIELD_PREP(mask, value)
#define FIELD_GET(mask, word) (((word) & (mask)) >> __ffs(mask))
#define FIELD_MODIFY(mask, place, value) ((void)(*(place) = (*(place) & ~(mask)) | FIELD_PREP(mask, value)))
#define get_unaligned(pointer) (*(pointer))
#define put_unaligned(value, pointer) ((void)(*(pointer) = (value)))
#define mult_frac(value, number, divisor) ({ \\
	typeof(value) mult_value = (value); \\
	typeof(number) mult_number = (number); \\
	typeof(divisor) mult_divisor = (divisor); \\
	mult_value / mult_divisor * mult_number + mult_value % mult_divisor * mult_number / mult_divisor; })
#define abs_diff(left, right) ((left) < (right) ? (right) - (left) : (left) - (right))
#define swahb32(value) (((value) & 0x00ff00ffU) << 8 | ((value) & 0xff00ff00U) >> 8)
#define swahw32(value) (((value) & 0x0000ffffU) << 16 | ((value) & 0xffff0000U) >> 16)
#define DIV_ROUND_CLOSEST_ULL(value, divisor) (((unsigned long long)(value) + (divisor) / 2) / (divisor))
${([16, 32, 64] as const).flatMap((bits) => orders.map((order) => ordered(order, bits))).join('')}
${([8, 16, 32, 64] as const).map(ofWidth).join('')}
unsigned int get_unaligned_be24(const void *memory)
{
	const unsigned char *byte = memory;

	return byte[0] << 16 | byte[1] << 8 | byte[2];
}

unsigned int get_unaligned_le24(const void *memory)
{
	const unsigned char *byte = memory;

	return byte[2] << 16 | byte[1] << 8 | byte[0];
}

int sign_extend32(unsigned int value, int index)
{
	return (int)(value << (31 - index)) >> (31 - index);
}

long long sign_extend64(unsigned long long value, int index)
{
	return (long long)(value << (63 - index)) >> (63 - index);
}

unsigned long bits_reversed(unsigned long value, int bits)
{
	unsigned long reversed = 0;
	int i;

	for (i = 0; i < bits; i++)
		if (value & 1UL << i)
			reversed |= 1UL << (bits - 1 - i);
	return reversed;
}

unsigned char bitrev8(unsigned char value)
{
	return bits_reversed(value, 8);
}

unsigned short bitrev16(unsigned short value)
{
	return bits_reversed(value, 16);
}

unsigned int bitrev32(unsigned int value)
{
	return bits_reversed(value, 32);
}

void swab16s(unsigned short *number)
{
	*number = swab16(*number);
}

void swab32s(unsigned int *number)
{
	*number = swab32(*number);
}

void swab64s(unsigned long long *number)
{
	*number = swab64(*number);
}

unsigned long ffz(unsigned long word)
{
	return __ffs(~word);
}

unsigned long __fls(unsigned long word)
{
	return fls64(word) - 1;
}

long long div_s64(long long value, int divisor)
{
	return value / divisor;
}

long long div64_s64(long long value, long long divisor)
{
	return value / divisor;
}

long long div_s64_rem(long long value, int divisor, int *remainder)
{
	*remainder = value % divisor;
	return value / divisor;
}

unsigned long long mul_u64_u64_div_u64(unsigned long long left, unsigned long long right, unsigned long long divisor)
{
	unsigned long long whole = left / divisor;
	unsigned long long result = whole * right;
	unsigned long long rest = left % divisor;
	unsigned long long part = 0;
	int bit;

	for (bit = 63; bit >= 0; bit--) {
		part = part << 1;
		result += (part / divisor) << bit;
		part %= divisor;
		if (right & 1ULL << bit)
			part += rest;
		result += (part / divisor) << bit;
		part %= divisor;
	}
	return result;
}

unsigned int crc_of(unsigned int crc, const unsigned char *byte, unsigned long length, unsigned int polynomial)
{
	int bit;

	while (length--) {
		crc ^= *byte++;
		for (bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
	}
	return crc;
}

unsigned int crc32_le(unsigned int crc, const unsigned char *byte, unsigned long length)
{
	return crc_of(crc, byte, length, 0xedb88320U);
}

unsigned int crc32_be(unsigned int crc, const unsigned char *byte, unsigned long length)
{
	int bit;

	while (length--) {
		crc ^= (unsigned int)*byte++ << 24;
		for (bit = 0; bit < 8; bit++)
			crc = (crc << 1) ^ (crc & 0x80000000U ? 0x04c11db7U : 0);
	}
	return crc;
}

unsigned int crc32(unsigned int crc, const void *memory, unsigned long length)
{
	return crc32_le(crc, memory, length);
}

unsigned int crc32c(unsigned int crc, const void *memory, unsigned long length)
{
	return crc_of(crc, memory, length, 0x82f63b78U);
}

unsigned short crc16(unsigned short crc, const unsigned char *byte, unsigned long length)
{
	return crc_of(crc, byte, length, 0xa001);
}

unsigned short crc_ccitt(unsigned short crc, const unsigned char *byte, unsigned long length)
{
	return crc_of(crc, byte, length, 0x8408);
}
`;
