/** Chains of functions that are told of events (kernel/notifier.c), the highest priority first. */

const kinds = ['blocking', 'raw', 'atomic'] as const;

function chain(kind: (typeof kinds)[number]): string {
  return `
struct ${kind}_notifier_head {
	struct notifier_block *head;
	unsigned long opaque[${kind === 'blocking' ? 5 : 1}];
};

#define ${kind.toUpperCase()}_INIT_NOTIFIER_HEAD(name) ((void)((name)->head = NULL))

int ${kind}_notifier_chain_register(struct ${kind}_notifier_head *chain, struct notifier_block *block)
{
	return notifier_add(&chain->head, block);
}

int ${kind}_notifier_chain_unregister(struct ${kind}_notifier_head *chain, struct notifier_block *block)
{
	return notifier_remove(&chain->head, block);
}

int ${kind}_notifier_call_chain(struct ${kind}_notifier_head *chain, unsigned long event, void *data)
{
	return notifier_tell(chain->head, event, data);
}
`;
}

export const notifiers = `
#define NOTIFY_DONE 0
#define NOTIFY_OK 1
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD 0x8002
#define NOTIFY_STOP 0x8001

struct notifier_block {
	int (*notifier_call)(struct notifier_block *, unsigned long, void *);
	struct notifier_block *next;
	int priority;
};

int notifier_add(struct notifier_block **link, struct notifier_block *block)
{
	for (; *link; link = &(*link)->next) {
		if (*link == block)
			return -EEXIST;
		if (block->priority > (*link)->priority)
			break;
	}
	block->next = *link;
	*link = block;
	return 0;
}

int notifier_remove(struct notifier_block **link, struct notifier_block *block)
{
	for (; *link; link = &(*link)->next)
		if (*link == block) {
			*link = block->next;
			return 0;
		}
	return -ENOENT;
}

int notifier_tell(struct notifier_block *block, unsigned long event, void *data)
{
	struct notifier_block *next;
	int result = 0;

	for (; block; block = next) {
		next = block->next;
		result = block->notifier_call(block, event, data);
		if (result & 0x8000)
			break;
	}
	return result;
}

int notifier_from_errno(int err)
{
	return err ? 0x8000 | (1 - err) : 1;
}

int notifier_to_errno(int result)
{
	result &= ~0x8000;
	return result > 1 ? 1 - result : 0;
}
${kinds.map(chain).join('')}`;
