/** How large the block is that a struct page or a folio belongs to (include/linux/mm.h): one page, or all of a compound block. */
import { PAGE_SHIFT, PAGE_SIZE } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { intValue, ulongValue } from './values.ts';

/** The order of the block of the page at argument 0; 0 where it is no compound one. */
function orderOf(context: CallContext): number | undefined {
  const pfn = context.page(0);
  if (pfn === undefined) return undefined;
  const allocation = context.system.memory.page(Number(pfn))?.allocation;
  return allocation?.compound && !allocation.split ? allocation.order : 0;
}

const ofOrder =
  (result: (order: number) => ReturnType<KernelCall>): KernelCall =>
  (context) => {
    const order = orderOf(context);
    return order === undefined ? undefined : result(order);
  };

const order = ofOrder((each) => intValue(each));
const shift = ofOrder((each) => intValue(each + Number(PAGE_SHIFT)));
const pages = ofOrder((each) => ulongValue(1n << BigInt(each)));
const bytes = ofOrder((each) => ulongValue(PAGE_SIZE << BigInt(each)));

export const pageSizeCalls: KernelCallTable = {
  folio_order: order,
  compound_order: order,
  thp_order: order,
  folio_shift: shift,
  page_shift: shift,
  folio_nr_pages: pages,
  compound_nr: pages,
  thp_nr_pages: pages,
  folio_size: bytes,
  page_size: bytes,
  thp_size: bytes,
  folio_test_large: ofOrder((each) => intValue(each > 0 ? 1 : 0)),
};
