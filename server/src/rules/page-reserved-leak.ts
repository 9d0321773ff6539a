/** `page-reserved-leak`: pages are marked reserved and never unmarked. */
import type { Report, Rule } from './rule.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

export const pageReservedLeak: Rule = {
  name: 'page-reserved-leak',
  severity: 'warning',
  summary: 'Pages are marked as reserved, and nothing takes the mark away before they are freed.',
  check({ driver }) {
    if (driver.text.mentions(/\b(?:Clear|__Clear)PageReserved\b|\bmem_map_unreserve\b|\bfree_reserved_page\b/)) return [];
    // Somebody has to free them in this file: otherwise the pages may be kept for good.
    if (!driver.text.mentions(/\b(?:__free_pages?|free_pages?|put_page|kfree|vfree|free_pages_exact)\s*\(/)) return [];
    return usesIn(driver, /\b(?:SetPageReserved|mem_map_reserve)\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (
          expression.kind !== 'call' ||
          expression.callee.kind !== 'name' ||
          !/^(?:SetPageReserved|mem_map_reserve)$/.test(expression.callee.name)
        )
          return [];
        return [
          reportIn(
            uses,
            expression.callee.span,
            'The page stays reserved: when it is freed, the kernel reports "Bad page state" and loses it. Clear the mark with ClearPageReserved() before the page is freed, or do not set it: mappings need no such mark since 2.6.15.',
          ),
        ];
      }),
    );
  },
};
