/** The kernel options of the target that the simulated kernel heeds, beside those that the driver's own text asks for. */
import type { Target } from '../driver/model.ts';
import type { SystemConfig } from '../mm/system.ts';

/** What makes a kernel check itself; nobody has it who does not say so. */
const options: readonly { readonly option: string; readonly field: 'debugVm' | 'lockdep' | 'atomicSleep' }[] = [
  { option: 'CONFIG_DEBUG_VM', field: 'debugVm' },
  { option: 'CONFIG_LOCKDEP', field: 'lockdep' },
  // Who is asked selects the other.
  { option: 'CONFIG_PROVE_LOCKING', field: 'lockdep' },
  { option: 'CONFIG_DEBUG_ATOMIC_SLEEP', field: 'atomicSleep' },
];

/** How a kernel with the options of `target` differs from the usual one. */
export function configOf({ config }: Target): Partial<SystemConfig> {
  return Object.fromEntries(options.filter(({ option }) => config.get(option) === 'y').map(({ field }) => [field, true]));
}
