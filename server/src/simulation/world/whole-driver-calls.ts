/**
 * Calls of a driver that is followed from its set-up on: what is done later, platform devices and scatterlists of its own, maps walked by a
 * function. Of what it did not do itself other tables assume what there is.
 */
import { builtScatterListCalls } from './built-scatter-lists.ts';
import type { KernelCallTable } from './call-context.ts';
import { deferredCalls } from './deferred.ts';
import { dmaBufCalls } from './dma-buf-calls.ts';
import { mapIterationCalls } from './map-iteration.ts';
import { platformDeviceCalls } from './platform-devices.ts';
import { sleepCalls } from './sleep-calls.ts';
import { warningCalls } from './warning-calls.ts';

export const wholeDriverCalls: KernelCallTable = {
  ...warningCalls,
  ...deferredCalls,
  ...sleepCalls,
  ...mapIterationCalls,
  ...platformDeviceCalls,
  ...builtScatterListCalls,
  ...dmaBufCalls,
};
