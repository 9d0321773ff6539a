/** Text that is taken apart word by word, and numbers that are wider than a register (lib/string.c, lib/math). */
export const words = `
bool isdigit(int c)
{
	return c >= '0' && c <= '9';
}

bool isupper(int c)
{
	return c >= 'A' && c <= 'Z';
}

bool islower(int c)
{
	return c >= 'a' && c <= 'z';
}

bool isalpha(int c)
{
	return isupper(c) || islower(c);
}

bool isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

bool isxdigit(int c)
{
	return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isspace(int c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0;
}

bool isprint(int c)
{
	return c >= 0x20 && c < 0x7f;
}

int toupper(int c)
{
	return islower(c) ? c - 32 : c;
}

int tolower(int c)
{
	return isupper(c) ? c + 32 : c;
}

int hex_to_bin(unsigned char c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

void copy_page(void *to, void *from)
{
	memcpy(to, from, PAGE_SIZE);
}

void *memchr(const void *memory, int byte, unsigned long length)
{
	const unsigned char *at = memory;

	for (; length > 0; length--, at++)
		if (*at == (unsigned char)byte)
			return (void *)at;
	return NULL;
}

void *memchr_inv(const void *memory, int byte, unsigned long length)
{
	const unsigned char *at = memory;

	if (length > 64)
		return first_other_byte(memory, byte, length);
	for (; length > 0; length--, at++)
		if (*at != (unsigned char)byte)
			return (void *)at;
	return NULL;
}

int match_string(const char *const *texts, unsigned long count, const char *text)
{
	unsigned long i;

	for (i = 0; i < count && texts[i]; i++)
		if (!strcmp(texts[i], text))
			return i;
	return -EINVAL;
}

struct timespec64 {
	long long tv_sec;
	long tv_nsec;
};

struct __kernel_timespec {
	long long tv_sec;
	long long tv_nsec;
};
char *strpbrk(const char *text, const char *wanted)
{
	for (; *text; text++)
		if (strchr(wanted, *text))
			return (char *)text;
	return NULL;
}

unsigned long strspn(const char *text, const char *accepted)
{
	unsigned long count = 0;

	while (text[count] && strchr(accepted, text[count]))
		count++;
	return count;
}

unsigned long strcspn(const char *text, const char *refused)
{
	unsigned long count = 0;

	while (text[count] && !strchr(refused, text[count]))
		count++;
	return count;
}

char *strsep(char **rest, const char *separators)
{
	char *word = *rest, *end;

	if (!word)
		return NULL;
	end = strpbrk(word, separators);
	if (end)
		*end++ = 0;
	*rest = end;
	return word;
}

unsigned int do_div_of(unsigned long long *value, unsigned int divisor)
{
	unsigned int remainder = *value % divisor;

	*value = *value / divisor;
	return remainder;
}

unsigned long long mul_u32_u32(unsigned int left, unsigned int right)
{
	return (unsigned long long)left * right;
}

unsigned long long div_u64_rem(unsigned long long value, unsigned int divisor, unsigned int *remainder)
{
	*remainder = value % divisor;
	return value / divisor;
}

long long div_s64_rem(long long value, int divisor, int *remainder)
{
	*remainder = value % divisor;
	return value / divisor;
}

unsigned long long div64_u64_rem(unsigned long long value, unsigned long long divisor, unsigned long long *remainder)
{
	*remainder = value % divisor;
	return value / divisor;
}

unsigned long long mul_u64_u64_shr(unsigned long long left, unsigned long long right, unsigned int shift)
{
	unsigned long long low = (left & 0xffffffffULL) * (right & 0xffffffffULL);
	unsigned long long a = (left >> 32) * (right & 0xffffffffULL), b = (left & 0xffffffffULL) * (right >> 32);
	unsigned long long middle = (low >> 32) + (a & 0xffffffffULL) + (b & 0xffffffffULL);
	unsigned long long high = (left >> 32) * (right >> 32) + (a >> 32) + (b >> 32) + (middle >> 32);

	low = (low & 0xffffffffULL) | middle << 32;
	if (shift == 0)
		return low;
	if (shift >= 64)
		return high >> (shift - 64);
	return high << (64 - shift) | low >> shift;
}

unsigned long long mul_u64_u32_shr(unsigned long long left, unsigned int right, unsigned int shift)
{
	return mul_u64_u64_shr(left, right, shift);
}

unsigned long long mul_u64_u32_div(unsigned long long left, unsigned int right, unsigned int divisor)
{
	unsigned long long high = (left >> 32) * right, low = (left & 0xffffffffULL) * right;

	high += low >> 32;
	low = (high % divisor) << 32 | (low & 0xffffffffULL);
	return (high / divisor << 32) + low / divisor;
}

unsigned long int_sqrt(unsigned long value)
{
	unsigned long root = 0, bit = 1UL << 62;

	while (bit > value)
		bit >>= 2;
	while (bit) {
		if (value >= root + bit) {
			value -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
		bit >>= 2;
	}
	return root;
}

unsigned long gcd(unsigned long left, unsigned long right)
{
	while (right) {
		unsigned long rest = left % right;

		left = right;
		right = rest;
	}
	return left;
}

unsigned long lcm(unsigned long left, unsigned long right)
{
	return left && right ? left / gcd(left, right) * right : 0;
}
`;
