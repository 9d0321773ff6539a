/**
 * Calls by which a driver makes itself known to the kernel and its subsystems: they succeed, and what was given is kept so
 * that open, probe and the mapping handler get the driver's own objects. A table, with the subsystems of 6.12.
 */
import type { CType } from '../../execution/ctype.ts';
import { homeOf } from '../../execution/memory.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, PointerValue, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import type { CallContext, KernelCall, KernelCallTable } from '../world/call-context.ts';
import { structType } from '../world/objects.ts';
import { intValue, nothing, nullPointer, placeOf, pointerTo, ulongValue } from '../world/values.ts';

const opsPointer: CType = { kind: 'pointer', to: structType('file_operations') };

/** The major number that the kernel hands out to whoever asks for any, as a `dev_t`. */
const dynamicNumber = 240n << 20n;

function fieldOf(types: TypeTable, place: Place, tag: string, name: string): Place {
  const step = types.field(structType(tag), name)?.step ?? ({ kind: 'field', name } as const);
  return { object: place.object, path: [...place.path, step] };
}

/**
 * The table of file operations that `object` names, a struct miscdevice or cdev. NULL when the driver freed the object: the driver's own
 * error path may have, and nobody opens such a device.
 */
export function registeredTable(types: TypeTable, machine: Machine, { place }: PointerValue, tag: 'miscdevice' | 'cdev'): Value {
  const at = fieldOf(types, place, tag, tag === 'cdev' ? 'ops' : 'fops');
  return homeOf(at).object.freed ? nullPointer() : machine.read(at, opsPointer);
}

function pointerAt(context: CallContext, index: number): PointerValue | undefined {
  const value = context.argument(index);
  return value?.kind === 'pointer' ? value : undefined;
}

/** A zeroed object of a subsystem's struct. */
function newObject(context: CallContext, tag: string): PointerValue {
  return pointerTo(context.machine.allocate(context.label(), structType(tag), context.origin(1024n, true)));
}

const misc: KernelCall = (context) => {
  const object = pointerAt(context, 0);
  if (!object) return undefined;
  const { machine, environment } = context;
  const ops = () => registeredTable(environment.types, machine, object, 'miscdevice');
  environment.registered.devices.push({ kind: 'misc', object, ops });
  environment.registered.give('miscdevice', object);
  return intValue(0);
};

/** `cdev_init(cdev, ops)`. */
const cdevInit: KernelCall = (context) => {
  const cdev = context.place(0);
  const ops = context.argument(1);
  if (!cdev || !ops) return undefined;
  context.machine.write(fieldOf(context.environment.types, cdev, 'cdev', 'ops'), ops, context.call.span);
  return nothing;
};

/** `cdev_add(cdev, number, count)`, and `cdev_device_add(cdev, dev)`, whose number is in the device. */
const cdevAdd: KernelCall = (context) => {
  const object = pointerAt(context, 0);
  if (!object) return undefined;
  const { machine, environment } = context;
  const number = context.call.name === 'cdev_add' ? context.ulong(1) : dynamicNumber;
  const ops = () => registeredTable(environment.types, machine, object, 'cdev');
  environment.registered.devices.push({ kind: 'cdev', object, ops, ...(number === undefined ? {} : { number }) });
  environment.registered.give('cdev', object);
  return intValue(0);
};

/** `register_chrdev(major, name, ops)`: the ops are argument `index`; gives a major number when it was asked for any. */
const chrdev =
  (index: number): KernelCall =>
  (context) => {
    const ops = context.argument(index);
    const major = context.ulong(0);
    if (!ops || major === undefined) return undefined;
    const number = major === 0n ? dynamicNumber : major << 20n;
    context.environment.registered.devices.push({ kind: 'chrdev', ops: () => ops, number });
    return intValue(major === 0n ? dynamicNumber >> 20n : 0n);
  };

/** `alloc_chrdev_region(&number, first minor, count, name)`. */
const chrdevRegion: KernelCall = (context) => {
  const place = context.place(0);
  if (!place) return undefined;
  context.machine.write(place, ulongValue(dynamicNumber | (context.ulong(1) ?? 0n)), context.call.span);
  return intValue(0);
};

/** A file of debugfs or proc: the file system hands `data` over in `inode->i_private`. */
const file =
  (ops: number, data?: number): KernelCall =>
  (context) => {
    const table = context.argument(ops);
    if (!table) return undefined;
    const handed = data === undefined ? undefined : context.argument(data);
    context.environment.registered.devices.push({ kind: 'file', ops: () => table, ...(handed ? { data: handed } : {}) });
    return newObject(context, 'dentry');
  };

/** A subsystem gets the object at `index` and passes it back to the driver's functions. */
const give =
  (tag: string, index: number): KernelCall =>
  (context) => {
    const object = pointerAt(context, index);
    if (object) context.environment.registered.give(tag, object);
    return intValue(0);
  };

/** `framebuffer_alloc(size, dev)`: an fb_info, with `size` bytes of the driver's own behind `par`. */
const framebuffer: KernelCall = (context) => {
  const info = newObject(context, 'fb_info');
  const size = context.ulong(0) ?? 0n;
  if (size > 0n) {
    const par = context.machine.allocate('par', { kind: 'void' }, context.origin(size, true));
    context.environment.registered.allocated(par, false);
    context.machine.write(fieldOf(context.environment.types, info.place, 'fb_info', 'par'), pointerTo(par), context.call.span);
  }
  const device = context.argument(1);
  if (device) context.machine.write(fieldOf(context.environment.types, info.place, 'fb_info', 'device'), device, context.call.span);
  return info;
};

/** A call that makes an object of a subsystem and stores the pointer to it through argument `index`. */
const store =
  (tag: string, index: number): KernelCall =>
  (context) => {
    const at = context.place(index);
    if (!at) return undefined;
    const object = pointerTo(context.machine.allocate(tag, structType(tag), context.origin(1024n, true)));
    context.environment.registered.allocated(object.place.object, false);
    context.machine.write(at, object, context.call.span);
    context.environment.registered.give(tag, object);
    return intValue(0);
  };

/** `devm_drm_dev_alloc(parent, driver, type, member)` and its like: the driver's struct around the device. */
const around =
  (typeAt: number): KernelCall =>
  (context) => {
    const type = context.call.types[typeAt];
    if (type?.kind !== 'struct') return undefined;
    return pointerTo(context.machine.allocate(context.label(), type, context.origin(4096n, true)));
  };

const bus: KernelCall = (context) => {
  const place = placeOf(context.argument(0));
  if (place?.object.origin.kind !== 'global') return undefined;
  context.environment.registered.busDrivers.push(place.object.name);
  return intValue(0);
};

/** `debugfs_create_u32(name, mode, parent, value)`: a file that shows the number; nobody opens it here. */
const shownNumber: KernelCall = () => nothing;

/** `class_create(…)`: the class of a character device; up to 6.3 the module goes first. */
const classCreate: KernelCall = (context) => newObject(context, 'class');

/** `device_create(class, parent, number, drvdata, format, …)`: a device that hands back what it was given (drivers/base/core.c). */
const deviceCreate: KernelCall = (context) => {
  const device = newObject(context, 'device');
  const data = context.argument(3);
  if (data) context.machine.write(fieldOf(context.environment.types, device.place, 'device', 'driver_data'), data, context.call.span);
  return device;
};

const busRegistration =
  /^(?:__)?(?:[a-z0-9_]+_)?(?:driver_register|register_driver|add_driver|driver_probe)$|^usb_register$|^register_\w+_driver$|^platform_driver_probe$/;

/** The result of a call that registers something; `undefined` for every other call. */
export function runRegistrationCall(context: CallContext): Value | undefined {
  const { name } = context.call;
  if (Object.hasOwn(registrationCalls, name)) return registrationCalls[name]?.(context);
  return busRegistration.test(name) ? bus(context) : undefined;
}

const registrationCalls: KernelCallTable = {
  misc_register: misc,
  cdev_init: cdevInit,
  cdev_alloc: (context) => newObject(context, 'cdev'),
  cdev_add: cdevAdd,
  cdev_device_add: cdevAdd,
  register_chrdev: chrdev(2),
  __register_chrdev: chrdev(4),
  alloc_chrdev_region: chrdevRegion,
  register_chrdev_region: () => intValue(0),
  class_create: classCreate,
  class_register: () => intValue(0),
  device_create: deviceCreate,
  device_create_with_groups: deviceCreate,
  debugfs_create_dir: (context) => newObject(context, 'dentry'),
  debugfs_create_u8: shownNumber,
  debugfs_create_u16: shownNumber,
  debugfs_create_u32: shownNumber,
  debugfs_create_u64: shownNumber,
  debugfs_create_x32: shownNumber,
  debugfs_create_x64: shownNumber,
  debugfs_create_bool: shownNumber,
  debugfs_create_ulong: shownNumber,
  debugfs_create_size_t: shownNumber,
  debugfs_create_atomic_t: shownNumber,
  debugfs_create_file: file(4, 3),
  debugfs_create_file_unsafe: file(4, 3),
  proc_create: file(3),
  proc_create_data: file(3, 4),
  uio_register_device: give('uio_info', 1),
  __uio_register_device: give('uio_info', 2),
  devm_uio_register_device: give('uio_info', 1),
  __devm_uio_register_device: give('uio_info', 2),
  framebuffer_alloc: framebuffer,
  register_framebuffer: give('fb_info', 0),
  devm_register_framebuffer: give('fb_info', 1),
  video_register_device: give('video_device', 0),
  snd_pcm_new: store('snd_pcm', 5),
  snd_hwdep_new: store('snd_hwdep', 3),
  devm_drm_dev_alloc: around(2),
  vfio_alloc_device: around(0),
};
