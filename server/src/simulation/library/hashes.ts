/** Hash tables: arrays of lists with one end, and the functions that spread keys over them (linux/hashtable.h, linux/hash.h). */
export const hashes = `
#define HASH_SIZE(table) (sizeof(table) / sizeof((table)[0]))
#define HASH_BITS(table) ilog2(HASH_SIZE(table))
#define hash_min(value, bits) (sizeof(value) <= 4 ? hash_32((value), (bits)) : hash_64((value), (bits)))
#define hash_add(table, node, key) hlist_add_head((node), &(table)[hash_min((key), HASH_BITS(table))])
#define hash_add_rcu(table, node, key) hlist_add_head((node), &(table)[hash_min((key), HASH_BITS(table))])
#define hash_init(table) hash_clear((table), HASH_SIZE(table))
#define hash_empty(table) hash_is_empty((table), HASH_SIZE(table))
#define hash_del(node) hlist_del_init(node)
#define hash_del_rcu(node) hlist_del_init(node)
#define hash_hashed(node) (!hlist_unhashed(node))

unsigned int hash_32(unsigned int value, unsigned int bits)
{
	return bits ? value * 0x61C88647U >> (32 - bits) : 0;
}

unsigned int hash_64(unsigned long long value, unsigned int bits)
{
	return bits ? value * 0x61C8864680B583EBULL >> (64 - bits) : 0;
}

unsigned int hash_long(unsigned long value, unsigned int bits)
{
	return hash_64(value, bits);
}

unsigned int hash_ptr(const void *pointer, unsigned int bits)
{
	return hash_64((unsigned long)pointer, bits);
}

void hash_clear(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		table[i].first = NULL;
}

bool hash_is_empty(struct hlist_head *table, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++)
		if (table[i].first)
			return false;
	return true;
}

void INIT_HLIST_HEAD(struct hlist_head *head)
{
	head->first = NULL;
}

void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

int hlist_empty(const struct hlist_head *head)
{
	return !head->first;
}

int hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	struct hlist_node *first = head->first;

	node->next = first;
	if (first)
		first->pprev = &node->next;
	head->first = node;
	node->pprev = &head->first;
}

void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	hlist_add_head(node, head);
}

void hlist_add_before(struct hlist_node *node, struct hlist_node *next)
{
	node->pprev = next->pprev;
	node->next = next;
	next->pprev = &node->next;
	*node->pprev = node;
}

void hlist_add_behind(struct hlist_node *node, struct hlist_node *before)
{
	node->next = before->next;
	before->next = node;
	node->pprev = &before->next;
	if (node->next)
		node->next->pprev = &node->next;
}

void hlist_del_init(struct hlist_node *node)
{
	if (!node->pprev)
		return;
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->next = NULL;
	node->pprev = NULL;
}

void hlist_del(struct hlist_node *node)
{
	hlist_del_init(node);
	node->pprev = (struct hlist_node **)0xdead000000000122UL;
}

void hlist_del_rcu(struct hlist_node *node)
{
	hlist_del(node);
}

void hlist_del_init_rcu(struct hlist_node *node)
{
	hlist_del_init(node);
}

unsigned int jhash_mixed(unsigned int a, unsigned int b, unsigned int c)
{
	c ^= b;
	c -= b << 14 | b >> 18;
	a ^= c;
	a -= c << 11 | c >> 21;
	b ^= a;
	b -= a << 25 | a >> 7;
	c ^= b;
	c -= b << 16 | b >> 16;
	a ^= c;
	a -= c << 4 | c >> 28;
	b ^= a;
	b -= a << 14 | a >> 18;
	c ^= b;
	c -= b << 24 | b >> 8;
	return c;
}

unsigned int jhash_3words(unsigned int a, unsigned int b, unsigned int c, unsigned int initial)
{
	unsigned int start = initial + 0xdeadbeefU + (3 << 2);

	return jhash_mixed(a + start, b + start, c + start);
}

unsigned int jhash_2words(unsigned int a, unsigned int b, unsigned int initial)
{
	unsigned int start = initial + 0xdeadbeefU + (2 << 2);

	return jhash_mixed(a + start, b + start, start);
}

unsigned int jhash_1word(unsigned int a, unsigned int initial)
{
	unsigned int start = initial + 0xdeadbeefU + (1 << 2);

	return jhash_mixed(a + start, start, start);
}
`;
