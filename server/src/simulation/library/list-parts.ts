/** Lists that are turned, cut and put into each other's places (include/linux/list.h), and lists that many may add to (lib/llist.c). */
export const listParts = `
#define list_next_entry(position, member) container_of((position)->member.next, typeof(*(position)), member)
#define list_prev_entry(position, member) container_of((position)->member.prev, typeof(*(position)), member)
#define list_entry_is_head(position, head, member) (&(position)->member == (head))
#define list_next_entry_circular(position, head, member) \\
	((position)->member.next == (head) ? container_of((head)->next, typeof(*(position)), member) : list_next_entry(position, member))
#define list_safe_reset_next(position, next, member) ((void)((next) = list_next_entry(position, member)))
#define llist_entry(node, type, member) container_of((node), type, member)

int list_is_head(const struct list_head *list, const struct list_head *head)
{
	return list == head;
}

unsigned long list_count_nodes(struct list_head *head)
{
	struct list_head *at;
	unsigned long count = 0;

	for (at = head->next; at != head; at = at->next)
		count++;
	return count;
}

void list_del_init_careful(struct list_head *entry)
{
	list_del_init(entry);
}

void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

void list_rotate_to_front(struct list_head *list, struct list_head *head)
{
	list_move_tail(head, list);
}

void list_replace(struct list_head *old, struct list_head *fresh)
{
	fresh->next = old->next;
	fresh->next->prev = fresh;
	fresh->prev = old->prev;
	fresh->prev->next = fresh;
}

void list_replace_init(struct list_head *old, struct list_head *fresh)
{
	list_replace(old, fresh);
	INIT_LIST_HEAD(old);
}

void list_swap(struct list_head *first, struct list_head *second)
{
	struct list_head *before = second->prev;

	list_del(second);
	list_replace(first, second);
	if (before == first)
		before = second;
	list_add(first, before);
}

void list_bulk_move_tail(struct list_head *head, struct list_head *first, struct list_head *last)
{
	first->prev->next = last->next;
	last->next->prev = first->prev;
	head->prev->next = first;
	first->prev = head->prev;
	last->next = head;
	head->prev = last;
}

void list_cut_before(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	if (head->next == entry) {
		INIT_LIST_HEAD(list);
		return;
	}
	list->next = head->next;
	list->next->prev = list;
	list->prev = entry->prev;
	list->prev->next = list;
	head->next = entry;
	entry->prev = head;
}

void list_cut_position(struct list_head *list, struct list_head *head, struct list_head *entry)
{
	if (list_empty(head))
		return;
	if (entry == head)
		INIT_LIST_HEAD(list);
	else
		list_cut_before(list, head, entry->next);
}

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

bool llist_empty(const struct llist_head *list)
{
	return !list->first;
}

bool llist_add(struct llist_node *node, struct llist_head *list)
{
	node->next = list->first;
	list->first = node;
	return !node->next;
}

struct llist_node *llist_del_all(struct llist_head *list)
{
	struct llist_node *first = list->first;

	list->first = NULL;
	return first;
}

struct llist_node *llist_del_first(struct llist_head *list)
{
	struct llist_node *first = list->first;

	if (first)
		list->first = first->next;
	return first;
}

struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *turned = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		node->next = turned;
		turned = node;
	}
	return turned;
}
`;
