/** Intervals in a tree by where they start (include/linux/interval_tree_generic.h): a search passes those that come before. */
export const intervalTrees = `
#define RB_ROOT_CACHED (struct rb_root_cached){ .rb_leftmost = NULL }

struct interval_tree_node {
	struct rb_node rb;
	unsigned long start;
	unsigned long last;
	unsigned long __subtree_last;
};

struct rb_node *rb_add_cached(struct rb_node *node, struct rb_root_cached *tree, bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (less(node, parent)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(node, parent, link);
	rb_insert_color_cached(node, tree, leftmost);
	return leftmost ? node : NULL;
}

bool interval_starts_before(struct rb_node *left, const struct rb_node *right)
{
	return container_of(left, struct interval_tree_node, rb)->start < container_of(right, struct interval_tree_node, rb)->start;
}

void interval_tree_insert(struct interval_tree_node *node, struct rb_root_cached *root)
{
	rb_add_cached(&node->rb, root, interval_starts_before);
}

void interval_tree_remove(struct interval_tree_node *node, struct rb_root_cached *root)
{
	rb_erase_cached(&node->rb, root);
}

struct interval_tree_node *interval_from(struct rb_node *rb, unsigned long start, unsigned long last)
{
	struct interval_tree_node *node;

	for (; rb; rb = rb_next(rb)) {
		node = container_of(rb, struct interval_tree_node, rb);
		if (node->start > last)
			return NULL;
		if (node->last >= start)
			return node;
	}
	return NULL;
}

struct interval_tree_node *interval_tree_iter_first(struct rb_root_cached *root, unsigned long start, unsigned long last)
{
	return interval_from(rb_first_cached(root), start, last);
}

struct interval_tree_node *interval_tree_iter_next(struct interval_tree_node *node, unsigned long start, unsigned long last)
{
	return interval_from(rb_next(&node->rb), start, last);
}
`;
