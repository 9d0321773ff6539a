/**
 * Helpers that read or write one field of a kernel structure: driver data of devices, resources of PCI devices, numbers
 * of inodes. As data: the fields on the way, and the type at its end.
 */
import { arithmetic, integerOf } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, int, unsignedInt, unsignedLong, voidType } from '../execution/ctype.ts';
import { constantOf } from '../execution/term.ts';
import type { IntegerValue, Place } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import { integerArgument, nothing, placeOf, pointerArgument, readInteger, type Service, type ServiceTable } from './service.ts';

const pointer: CType = { kind: 'pointer', to: voidType };
const inode: CType = { kind: 'pointer', to: { kind: 'struct', tag: 'struct', name: 'inode' } };
const resource: CType = { kind: 'struct', tag: 'struct', name: 'resource' };
const minorBits = integerOf(int, 20n);
const minorMask = integerOf(unsignedInt, (1n << 20n) - 1n);
const one = integerOf(int, 1n);

function get(type: CType, ...fields: readonly string[]): Service {
  return (machine, call) => {
    const base = pointerArgument(machine, call, 0);
    return base && machine.read(placeOf(base.place, ...fields), type);
  };
}

function set(...fields: readonly string[]): Service {
  return (machine, call) => {
    const base = pointerArgument(machine, call, 0);
    const value = call.arguments[1];
    if (!base || !value) return undefined;
    machine.write(placeOf(base.place, ...fields), value, call.span);
    return nothing;
  };
}

/** Device number helpers: the 12 high bits are the major, the 20 low ones the minor. */
function deviceNumber(part: 'major' | 'minor', read: (machine: Machine, call: ExternalCall) => IntegerValue | undefined): Service {
  return (machine, call) => {
    const value = read(machine, call);
    return value && (part === 'major' ? arithmetic('>>', value, minorBits) : arithmetic('&', value, minorMask));
  };
}

function ofInode(machine: Machine, call: ExternalCall): IntegerValue | undefined {
  const base = pointerArgument(machine, call, 0);
  return base && readInteger(machine, base.place, ['i_rdev'], unsignedInt);
}

/** `pdev->resource[bar]`. */
function bar(machine: Machine, call: ExternalCall): Place | undefined {
  const base = pointerArgument(machine, call, 0);
  const index = integerArgument(call, 1);
  if (!base || !index) return undefined;
  const size = constantOf(machine.sizeOf(resource));
  const field = placeOf(base.place, 'resource');
  const element = { kind: 'element' as const, index: index.term, ...(size === undefined ? {} : { unit: Number(size) }) };
  return { object: field.object, path: [...field.path, element] };
}

function ofBar(field: 'start' | 'end' | 'flags'): Service {
  return (machine, call) => {
    const place = bar(machine, call);
    return place && readInteger(machine, place, [field], unsignedLong);
  };
}

const barLength: Service = (machine, call) => {
  const place = bar(machine, call);
  const start = place && readInteger(machine, place, ['start'], unsignedLong);
  const end = place && readInteger(machine, place, ['end'], unsignedLong);
  const last = start && end && arithmetic('-', end, start);
  return last && arithmetic('+', last, one);
};

/** Takes a reference and hands the pointer through. */
const same: Service = (_, call) => call.arguments[0];
const signedLongLong: IntegerType = { kind: 'integer', bits: 64, signed: true, name: 'loff_t' };

export const accessorServices: ServiceTable = {
  dev_get_drvdata: get(pointer, 'driver_data'),
  dev_set_drvdata: set('driver_data'),
  dev_get_platdata: get(pointer, 'platform_data'),
  platform_get_drvdata: get(pointer, 'dev', 'driver_data'),
  platform_set_drvdata: set('dev', 'driver_data'),
  pci_get_drvdata: get(pointer, 'dev', 'driver_data'),
  pci_set_drvdata: set('dev', 'driver_data'),
  usb_get_intfdata: get(pointer, 'dev', 'driver_data'),
  usb_set_intfdata: set('dev', 'driver_data'),
  i2c_get_clientdata: get(pointer, 'dev', 'driver_data'),
  i2c_set_clientdata: set('dev', 'driver_data'),
  spi_get_drvdata: get(pointer, 'dev', 'driver_data'),
  spi_set_drvdata: set('dev', 'driver_data'),
  amba_get_drvdata: get(pointer, 'dev', 'driver_data'),
  auxiliary_get_drvdata: get(pointer, 'dev', 'driver_data'),
  auxiliary_set_drvdata: set('dev', 'driver_data'),
  video_get_drvdata: get(pointer, 'dev', 'driver_data'),
  video_set_drvdata: set('dev', 'driver_data'),
  snd_pcm_substream_chip: get(pointer, 'private_data'),
  snd_kcontrol_chip: get(pointer, 'private_data'),
  file_inode: get(inode, 'f_inode'),
  i_size_read: get(signedLongLong, 'i_size'),
  iminor: deviceNumber('minor', ofInode),
  imajor: deviceNumber('major', ofInode),
  MINOR: deviceNumber('minor', (_, call) => integerArgument(call, 0)),
  MAJOR: deviceNumber('major', (_, call) => integerArgument(call, 0)),
  MKDEV: (_, call) => {
    const major = integerArgument(call, 0);
    const minor = integerArgument(call, 1);
    const high = major && arithmetic('<<', major, minorBits);
    return high && minor && arithmetic('|', high, minor);
  },
  pci_resource_start: ofBar('start'),
  pci_resource_end: ofBar('end'),
  pci_resource_flags: ofBar('flags'),
  pci_resource_len: barLength,
  get_device: same,
  pci_dev_get: same,
  of_node_get: same,
  kobject_get: same,
  get_file: same,
};
