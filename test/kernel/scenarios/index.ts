/** All scenarios for the real kernels, in a fixed order: by module, then by name. */
import { allocatorStories } from './allocators-and-seals.ts';
import { chanceProducts } from './chance-products.ts';
import { crossingStories } from './crossings.ts';
import { deviceStories } from './drivers-at-large.ts';
import { driversInFull } from './drivers-in-full.ts';
import { everyWord } from './every-word.ts';
import { frameStories } from './frames-and-batches.ts';
import { handwritten } from './handwritten.ts';
import { lockStories } from './locks-and-references.ts';
import { lookedInto } from './looked-into.ts';
import { moreWalks } from './more-walks.ts';
import { orderlyDevices } from './orderly-devices.ts';
import { ordinaryDevices } from './ordinary-devices.ts';
import { products } from './product.ts';
import type { KernelScenario } from './scenario.ts';
import { selfChecks } from './self-checks.ts';
import { sidedDevices } from './sided-devices.ts';
import { stepStories } from './steps-and-objects.ts';
import { unlikeOthers } from './unlike-others.ts';
import { userActions } from './user-actions.ts';
import { windowStories } from './windows-and-hooks.ts';
import { writtenDrivers } from './written-drivers.ts';
import { writtenModules } from './written-modules.ts';
import { writtenServices } from './written-services.ts';

export type { KernelScenario } from './scenario.ts';

export function kernelScenarios(): readonly KernelScenario[] {
  const key = ({ module, name }: KernelScenario) => `${module} ${name}`;
  return [
    ...handwritten,
    ...everyWord,
    ...writtenModules,
    ...writtenServices,
    ...writtenDrivers,
    ...deviceStories,
    ...driversInFull,
    ...windowStories,
    ...allocatorStories,
    ...frameStories,
    ...crossingStories,
    ...userActions,
    ...lockStories,
    ...stepStories,
    ...moreWalks,
    ...ordinaryDevices,
    ...orderlyDevices,
    ...sidedDevices,
    ...selfChecks,
    ...unlikeOthers,
    ...lookedInto,
    ...chanceProducts,
    ...products(),
  ].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
