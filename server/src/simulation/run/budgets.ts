/** How far the driver's code is followed: steps of its statements, and depth of its calls. Plain numbers. */

/** Of one call into the driver; a call that is about a vma gets more steps for each of its pages. */
export const budget = { steps: 200_000, depth: 60 };
export const stepsForPage = 16;
/** Pages that are worth steps: 2 GiB of memory. */
export const mostPages = 1n << 19n;
/** Of one function that sets the driver up. */
export const setUpBudget = { steps: 60_000, depth: 60 };
/** Of evaluating where one value comes from. */
export const sideBudget = { steps: 5_000, depth: 20 };
