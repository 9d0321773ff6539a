/** `mmap-and-prepare`: a table has both `.mmap` and `.mmap_prepare`. */
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, wholeLines } from './support/fixes/fixes.ts';

export const mmapAndPrepare: Rule = {
  name: 'mmap-and-prepare',
  severity: 'error',
  summary: 'A table of file operations has both `.mmap` and `.mmap_prepare`.',
  versions: { since: { major: 6, minor: 16, patch: 0 } },
  check({ driver }) {
    return driver.tables.flatMap((table): Report[] => {
      const mmap = table.entries.find(({ slot }) => slot === 'mmap');
      const prepare = table.entries.find(({ slot }) => slot === 'mmap_prepare');
      if (!mmap || !prepare || table.container !== 'file_operations' || table.file !== driver.file) return [];
      return [
        {
          file: table.file,
          span: mmap.span,
          function: mmap.function,
          message: `The kernel refuses a file with both: every mmap(2) of it fails with ENODEV and a warning in the log. Keep \`${prepare.function}\` and drop \`${mmap.function}\`.`,
          related: [{ file: table.file, span: prepare.span, message: 'The other one stands here.' }],
          fixes: withoutEntry(driver, table.file, mmap),
        },
      ];
    });
  },
};

/** The entry and the comma behind it. */
function withoutEntry(driver: Driver, file: string, mmap: OpsTable['entries'][number]): readonly ReportFix[] {
  const { start, text } = driver.text.lines({ file, span: mmap.span });
  const comma = /^\s*,/.exec(text.slice(mmap.span.end - start))?.[0].length ?? 0;
  const span = wholeLines(driver, { file, span: { start: mmap.span.start, end: mmap.span.end + comma } });
  const title = `Drop .mmap (check that nothing else needs ${mmap.function}())`;
  return fixOf({ title, safe: false }, [{ file, span, newText: '' }]);
}
