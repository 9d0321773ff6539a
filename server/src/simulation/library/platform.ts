/** Platform devices that the module registers itself, with their resources (drivers/base/platform.c). */
export const platform = `
struct platform_device_info {
	struct device *parent;
	struct fwnode_handle *fwnode;
	bool of_node_reused;
	const char *name;
	int id;
	const struct resource *res;
	unsigned int num_res;
	const void *data;
	unsigned long size_data;
	unsigned long long dma_mask;
	const void *properties;
};

int platform_device_add_data(struct platform_device *pdev, const void *data, unsigned long size)
{
	void *copy = data ? kmemdup(data, size, GFP_KERNEL) : NULL;

	if (data && !copy)
		return -ENOMEM;
	pdev->dev.platform_data = copy;
	return 0;
}

struct platform_device *platform_device_register_resndata(struct device *parent, const char *name, int id, const struct resource *resources,
							  unsigned int count, const void *data, unsigned long size)
{
	struct platform_device *pdev = platform_device_alloc(name, id);

	if (!pdev)
		return ERR_PTR(-ENOMEM);
	pdev->dev.parent = parent;
	platform_device_add_resources(pdev, resources, count);
	if (data && platform_device_add_data(pdev, data, size))
		return ERR_PTR(-ENOMEM);
	platform_device_add(pdev);
	return pdev;
}

struct platform_device *platform_device_register_data(struct device *parent, const char *name, int id, const void *data, unsigned long size)
{
	return platform_device_register_resndata(parent, name, id, NULL, 0, data, size);
}

struct platform_device *platform_device_register_full(const struct platform_device_info *info)
{
	return platform_device_register_resndata(info->parent, info->name, info->id, info->res, info->num_res, info->data, info->size_data);
}

struct resource *own_platform_resource(struct platform_device *pdev, unsigned int type, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < pdev->num_resources; i++) {
		struct resource *found = &pdev->resource[i];

		if ((found->flags & 0x1f00) == type && number-- == 0)
			return found;
	}
	return NULL;
}

struct resource *own_platform_get_mem_or_io(struct platform_device *pdev, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < pdev->num_resources; i++) {
		struct resource *found = &pdev->resource[i];

		if ((found->flags & 0x300) && number-- == 0)
			return found;
	}
	return NULL;
}

struct resource *own_platform_get_resource(struct platform_device *pdev, unsigned int type, unsigned int number)
{
	return own_platform_resource(pdev, type, number);
}

struct resource *own_platform_get_resource_byname(struct platform_device *pdev, unsigned int type, const char *name)
{
	unsigned int i;

	for (i = 0; i < pdev->num_resources; i++) {
		struct resource *found = &pdev->resource[i];

		if ((found->flags & 0x1f00) == type && found->name && !strcmp(found->name, name))
			return found;
	}
	return NULL;
}

int own_platform_get_irq_optional(struct platform_device *pdev, unsigned int number)
{
	struct resource *found = own_platform_resource(pdev, 0x400, number);

	return found ? (int)found->start : -ENXIO;
}

int own_platform_get_irq(struct platform_device *pdev, unsigned int number)
{
	return own_platform_get_irq_optional(pdev, number);
}

int own_platform_irq_count(struct platform_device *pdev)
{
	int count = 0;

	while (own_platform_resource(pdev, 0x400, count))
		count++;
	return count;
}

void *own_devm_ioremap_resource(struct device *dev, struct resource *found)
{
	void *registers;

	if (!found || (found->flags & 0x1f00) != 0x200)
		return ERR_PTR(-EINVAL);
	if (!devm_request_mem_region(dev, found->start, resource_size(found), "window"))
		return ERR_PTR(-EBUSY);
	registers = devm_ioremap(dev, found->start, resource_size(found));
	return registers ? registers : ERR_PTR(-ENOMEM);
}

void *own_devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int number)
{
	return own_devm_ioremap_resource(&pdev->dev, own_platform_resource(pdev, 0x200, number));
}

void *own_devm_platform_ioremap_resource_byname(struct platform_device *pdev, const char *name)
{
	return own_devm_ioremap_resource(&pdev->dev, own_platform_get_resource_byname(pdev, 0x200, name));
}

void *own_devm_platform_get_and_ioremap_resource(struct platform_device *pdev, unsigned int number, struct resource **found)
{
	struct resource *window = own_platform_resource(pdev, 0x200, number);

	if (found)
		*found = window;
	return own_devm_ioremap_resource(&pdev->dev, window);
}
`;
