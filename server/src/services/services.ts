/** All services in one table: what a world asks before it treats a call as unknown. */
import type { Value } from '../execution/value.ts';
import type { ExternalCall, Machine, World } from '../execution/world.ts';
import { accessorServices } from './accessors.ts';
import { arithmeticServices } from './arithmetic.ts';
import { circularServices } from './circular.ts';
import { containerServices } from './containers.ts';
import { counterServices } from './counters.ts';
import { errorPointerServices } from './error-pointers.ts';
import { hintServices, isPrinting, printService } from './hints.ts';
import { idMapServices } from './id-maps.ts';
import { ioctlNumberServices } from './ioctl-numbers.ts';
import { listServices } from './lists.ts';
import { memoryServices } from './memory.ts';
import type { Service, ServiceTable } from './service.ts';

const table: ServiceTable = {
  ...arithmeticServices,
  ...circularServices,
  ...errorPointerServices,
  ...hintServices,
  ...counterServices,
  ...containerServices,
  ...listServices,
  ...idMapServices,
  ...memoryServices,
  ...accessorServices,
  ...ioctlNumberServices,
};

const services: ReadonlyMap<string, Service> = new Map(Object.entries(table));

/** Whether `name` is one of the helpers that services know. */
export function isService(name: string): boolean {
  return services.has(name) || isPrinting(name);
}

/** Whether the helper changes a count or a bit that several may change at a time. */
export function isCounter(name: string): boolean {
  return Object.hasOwn(counterServices, name);
}

/** The value of the call; `undefined` when it is no service or its arguments are not understood. */
export function callService(machine: Machine, call: ExternalCall, world: World): Value | undefined {
  const service = services.get(call.name) ?? (isPrinting(call.name) ? printService : undefined);
  return service?.(machine, call, world);
}
