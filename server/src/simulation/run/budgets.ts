/** How far the driver's code is followed: steps of its statements, and depth of its calls. Plain numbers. */
import type { Budget } from '../../execution/world.ts';
import { lower } from '../../mm/units.ts';

/** Of one call into the driver; a call that is about a vma gets more steps for each of its pages. */
const usual: Budget = { steps: 1_000_000, depth: 60 };
const stepsForPage = 16;
/** Pages that are worth steps: 2 GiB of memory. */
const mostPages = 1n << 19n;
/** The same for a run that is one of many, where a long one would cost the others. */
const brief: Budget = { steps: 40_000, depth: 60 };
const mostPagesBrief = 1n << 13n;
/** Of one function that sets the driver up: it may fill its memory byte by byte. */
const setUp: Budget = { steps: 1_000_000, depth: 60 };
const setUpBrief: Budget = { steps: 60_000, depth: 60 };
/** Of evaluating where one value comes from. */
export const sideBudget: Budget = { steps: 5_000, depth: 20 };

/** The limits of a function that sets the driver up. */
export function budgetForSetUp(isBrief: boolean): Budget {
  return isBrief ? setUpBrief : setUp;
}

/** The limits of a call that is about so many pages, and how many of them count. */
export function budgetFor(pages: bigint, isBrief: boolean): Budget & { readonly pagesAtHand: number } {
  const pagesAtHand = Number(lower(pages, isBrief ? mostPagesBrief : mostPages));
  const { steps, depth } = isBrief ? brief : usual;
  return { steps: steps + stepsForPage * pagesAtHand, depth, pagesAtHand };
}
