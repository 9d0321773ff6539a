/** Which calls allocate and free memory, for rules: they read the analysis, and not the services behind it. */
export { allocatorOf, freedArgument } from '../services/allocators.ts';
