/** Which calls allocate, free, lock and sleep, for rules: they read the analysis, and not the services behind it. */
export { allocatorOf, freedArgument } from '../services/allocators.ts';
export { lockNamed } from '../services/locks.ts';
export { sleepingCalls } from '../services/sleeping.ts';
