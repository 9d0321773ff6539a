/** `useless-ignore`: a comment that switches off nothing, because it is spelled wrong or because there is nothing to switch off. */

import type { Driver } from '../driver/model.ts';
import type { Report, ReportFix, Rule, RuleContext } from './rule.ts';
import { fixOf, noFix, wholeLines } from './support/fixes/fixes.ts';
import type { IgnoreComment } from './support/text/ignore-comments.ts';

export const uselessIgnore: Rule = {
  name: 'useless-ignore',
  severity: 'info',
  summary: 'A comment that ignores a rule names none, gives no reason, or has nothing to ignore.',
  check: (context) =>
    (context.ignores ?? []).flatMap(({ comment, unknown, idle }): Report[] => {
      const report = (span: Report['span'], message: string, severity: Report['severity'], fixes: Report['fixes'] = []): Report => ({
        file: comment.file,
        span,
        message,
        severity,
        function: functionAt(context, comment),
        related: [],
        fixes,
      });
      if (comment.rules.length === 0)
        return [
          report(
            comment.span,
            'The comment does not say which rule to ignore. Write its name behind `ignore`, then the reason.',
            'warning',
          ),
        ];
      if (comment.reason === '')
        return [
          report(
            comment.span,
            'The comment ignores nothing without a reason. Say behind the name of the rule why the code is right.',
            'warning',
          ),
        ];
      return comment.rules.flatMap(({ name, span }) => {
        const spelling = unknown.get(name);
        if (spelling !== undefined) return [report(span, `There is no rule \`${name}\`.${spelling}`, 'warning')];
        return idle.includes(name)
          ? [report(span, `\`${name}\` finds nothing here. Remove it from the comment.`, 'info', withoutComment(context.driver, comment))]
          : [];
      });
    }),
};

function functionAt({ driver }: RuleContext, { file, span }: { readonly file: string; readonly span: Report['span'] }): string {
  for (const each of driver.functions.values())
    if (each.file === file && each.span.start <= span.start && span.end <= each.span.end) return each.name;
  return '';
}

/** A comment about one rule alone goes as a whole. */
function withoutComment(driver: Driver, { file, span, rules }: IgnoreComment): readonly ReportFix[] {
  if (rules.length !== 1) return noFix;
  return fixOf({ title: 'Remove the comment' }, [{ file, span: wholeLines(driver, { file, span }), newText: '' }]);
}
