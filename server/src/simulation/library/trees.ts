/**
 * `struct rb_root`: a search tree as the driver links it (lib/rbtree.c). Nodes are never turned, because nobody can tell a balanced tree
 * from another by the order of its nodes.
 */
export const trees = `
struct rb_node {
	struct rb_node *rb_above;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

struct rb_node *rb_parent(struct rb_node *node)
{
	return node->rb_above;
}

void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->rb_above = parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

void rb_link_node_rcu(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	rb_link_node(node, parent, link);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
}

struct rb_node *rb_first(struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_last(struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_next(struct rb_node *node)
{
	struct rb_node *above;

	if (node->rb_above == node)
		return NULL;
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return node;
	}
	above = node->rb_above;
	while (above && node == above->rb_right) {
		node = above;
		above = node->rb_above;
	}
	return above;
}

struct rb_node *rb_prev(struct rb_node *node)
{
	struct rb_node *above;

	if (node->rb_above == node)
		return NULL;
	if (node->rb_left) {
		node = node->rb_left;
		while (node->rb_right)
			node = node->rb_right;
		return node;
	}
	above = node->rb_above;
	while (above && node == above->rb_left) {
		node = above;
		above = node->rb_above;
	}
	return above;
}

void rb_replace_node(struct rb_node *old, struct rb_node *fresh, struct rb_root *root)
{
	struct rb_node *above = old->rb_above;

	fresh->rb_above = above;
	fresh->rb_left = old->rb_left;
	fresh->rb_right = old->rb_right;
	if (!above)
		root->rb_node = fresh;
	else if (above->rb_left == old)
		above->rb_left = fresh;
	else
		above->rb_right = fresh;
	if (old->rb_left)
		old->rb_left->rb_above = fresh;
	if (old->rb_right)
		old->rb_right->rb_above = fresh;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *heir = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *above = node->rb_above;

	if (node->rb_left && node->rb_right) {
		heir = rb_next(node);
		rb_erase(heir, root);
		rb_replace_node(node, heir, root);
		return;
	}
	if (heir)
		heir->rb_above = above;
	if (!above)
		root->rb_node = heir;
	else if (above->rb_left == node)
		above->rb_left = heir;
	else
		above->rb_right = heir;
}

void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root, bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
}

struct rb_node *rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	struct rb_node *leftmost = NULL;

	if (root->rb_leftmost == node)
		leftmost = root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
	return leftmost;
}

struct rb_node *rb_first_cached(struct rb_root_cached *root)
{
	return root->rb_leftmost;
}

bool RB_EMPTY_ROOT(struct rb_root *root)
{
	return root->rb_node == NULL;
}

bool RB_EMPTY_NODE(struct rb_node *node)
{
	return node->rb_above == node;
}

void RB_CLEAR_NODE(struct rb_node *node)
{
	node->rb_above = node;
}

void rb_add(struct rb_node *node, struct rb_root *tree, bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
}

struct rb_node *rb_find(const void *key, struct rb_root *tree, int (*cmp)(const void *, const struct rb_node *))
{
	struct rb_node *node = tree->rb_node;

	while (node) {
		int way = cmp(key, node);

		if (way == 0)
			return node;
		node = way < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *tree, int (*cmp)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &tree->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		int way;

		parent = *link;
		way = cmp(node, parent);
		if (way == 0)
			return parent;
		link = way < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	return NULL;
}
`;
