/** `action-prot-order`: mmap_prepare changes page_prot after the action that copied it. */
import type { CallEvent } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { movingBefore } from './support/fixes/moving.ts';
import { reportOn } from './support/reports.ts';

/** Actions that note the protection of the moment at which they are called. */
const copying = /^mmap_action_(?:io)?remap(?:_full)?$/;

const first = 'Set page_prot before the action';

export const actionProtOrder: Rule = {
  name: 'action-prot-order',
  severity: 'warning',
  summary: '`mmap_prepare` changes `page_prot` after the action that has already copied it.',
  versions: { since: { major: 6, minor: 19, patch: 0 } },
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'mmap_prepare') continue;
      for (const { events } of entry.paths) {
        let action: CallEvent | undefined;
        for (const event of events) {
          if (event.kind === 'call' && copying.test(event.name)) action = event;
          if (event.kind !== 'write' || !action || !/(?:->|\.)page_prot$/.test(event.name)) continue;
          const message = `\`${action.name}()\` has copied the protection before: the pages are mapped with the old one, and \`${event.name}\` says otherwise. Set it before the action.`;
          const related = [{ file: action.file, span: action.nameSpan, message: 'The protection is copied here.' }];
          reports.set(
            `${event.file}:${event.span.start}`,
            reportOn({ entry, event }, event.span, message, {
              related,
              fixes: movingBefore(driver, event, { file: action.file, span: action.nameSpan }, { title: first }),
            }),
          );
        }
      }
    }
    return [...reports.values()];
  },
};
