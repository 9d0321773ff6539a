/** Numbers of ioctl commands as drivers spell them: `_IOR('D', 1, struct demo_info)` (include/uapi/asm-generic/ioctl.h, all versions). */
import { arithmetic, integer } from '../execution/arithmetic.ts';
import { unsignedInt } from '../execution/ctype.ts';
import { constant } from '../execution/term.ts';
import type { IntegerValue } from '../execution/value.ts';
import { integerArgument, type Service, type ServiceTable } from './service.ts';

const IOC_TYPESHIFT = 8;
const IOC_SIZESHIFT = 16;
const IOC_DIRSHIFT = 30;
const IOC_NONE = 0n;
const IOC_WRITE = 1n;
const IOC_READ = 2n;

const number = (value: bigint | number): IntegerValue => integer(unsignedInt, constant(BigInt(value)));

/** `_IOC(direction, type, nr, size)`. */
function command(direction: IntegerValue, type: IntegerValue, nr: IntegerValue, size: IntegerValue): IntegerValue | undefined {
  const shifted = (value: IntegerValue, by: number) => arithmetic('<<', value, number(by));
  const parts = [shifted(type, IOC_TYPESHIFT), shifted(size, IOC_SIZESHIFT), shifted(direction, IOC_DIRSHIFT)];
  return parts.reduce<IntegerValue | undefined>((sum, part) => sum && part && arithmetic('|', sum, part), nr);
}

/** `_IOR(type, nr, argument)` and its relatives: the size is that of the type of the argument. */
function sized(direction: bigint): Service {
  return (machine, call) => {
    const [type, nr, argument] = [integerArgument(call, 0), integerArgument(call, 1), call.types[2]];
    if (!type || !nr || !argument) return undefined;
    return command(number(direction), type, nr, integer(unsignedInt, machine.sizeOf(argument)));
  };
}

/** A field of a command: `_IOC_NR(cmd)`. */
function field(shift: number, bits: number): Service {
  return (_, call) => {
    const value = integerArgument(call, 0);
    const shifted = value && arithmetic('>>', value, number(shift));
    return shifted && arithmetic('&', shifted, number((1 << bits) - 1));
  };
}

export const ioctlNumberServices: ServiceTable = {
  _IO: (_, call) => {
    const [type, nr] = [integerArgument(call, 0), integerArgument(call, 1)];
    return type && nr && command(number(IOC_NONE), type, nr, number(0));
  },
  _IOR: sized(IOC_READ),
  _IOW: sized(IOC_WRITE),
  _IOWR: sized(IOC_READ | IOC_WRITE),
  _IOC: (_, call) => {
    const [direction, type, nr, size] = [0, 1, 2, 3].map((index) => integerArgument(call, index));
    return direction && type && nr && size && command(direction, type, nr, size);
  },
  _IOC_NR: field(0, 8),
  _IOC_TYPE: field(IOC_TYPESHIFT, 8),
  _IOC_SIZE: field(IOC_SIZESHIFT, 14),
  _IOC_DIR: field(IOC_DIRSHIFT, 2),
};
