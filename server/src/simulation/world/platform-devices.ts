/**
 * Platform devices that the module makes and registers itself: what its probe function asks for is what was registered. Devices of somebody
 * else are resource-calls.ts's matter.
 */

import { unsignedInt } from '../../execution/ctype.ts';
import type { Value } from '../../execution/value.ts';
import { platform } from '../library/platform.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { integer, intValue, nothing, placeOf, pointerTo } from './values.ts';

/** Sets a field of the platform device at `device`. */
function put({ machine, call }: CallContext, device: Value, name: string, value: Value | undefined): void {
  const place = placeOf(device);
  if (place && value) machine.write({ object: place.object, path: [...place.path, { kind: 'field', name }] }, value, call.span);
}

/** `platform_device_alloc(name, id)`. */
const make: KernelCall = (context) => {
  const device = pointerTo(context.machine.allocate(context.label(), structType('platform_device'), context.origin(1024n, true)));
  put(context, device, 'name', context.argument(0));
  put(context, device, 'id', context.argument(1));
  return device;
};

function addResources(context: CallContext, device: Value, list: Value | undefined, count: Value | undefined): void {
  put(context, device, 'resource', list);
  put(context, device, 'num_resources', count ?? integer(unsignedInt, 0n));
}

function add(context: CallContext, device: Value): void {
  if (device.kind === 'pointer') context.environment.registered.give('platform_device', device);
}

/** `platform_device_register_simple(name, id, resources, count)`. */
const registerSimple: KernelCall = (context) => {
  const device = make(context);
  if (!device) return undefined;
  addResources(context, device, context.argument(2), context.argument(3));
  add(context, device);
  return device;
};

/** `platform_device_register(device)`, `platform_device_add(device)`. */
const register: KernelCall = (context) => {
  const device = context.argument(0);
  if (device?.kind !== 'pointer') return undefined;
  add(context, device);
  return intValue(0);
};

const resourcesOf: KernelCall = (context) => {
  const device = context.argument(0);
  if (device?.kind !== 'pointer') return undefined;
  addResources(context, device, context.argument(1), context.argument(2));
  return intValue(0);
};

/** What the library answers for a device that the module has registered. */
function own(name: string): KernelCall {
  return (context) =>
    context.environment.registered.given('platform_device') ? context.machine.invoke(`own_${name}`, context.call.arguments) : undefined;
}

export const platformDeviceCalls: KernelCallTable = {
  platform_device_alloc: make,
  platform_device_register_simple: registerSimple,
  platform_device_register: register,
  platform_device_add: register,
  platform_device_add_resources: resourcesOf,
  platform_device_unregister: () => nothing,
  platform_device_del: () => nothing,
  platform_device_put: () => nothing,
  ...Object.fromEntries([...platform.matchAll(/\bown_(\w+)\([^;{]*\)\n\{/g)].map(([, name = '']) => [name, own(name)])),
};
