/** `file-ops-proc`: a proc entry is made with file operations. */
import type { Report, Rule } from './rule.ts';
import { asProcOps } from './support/fixes/proc-ops.ts';
import { reportIn } from './support/reports.ts';
import { usesIn } from './support/text/uses.ts';

/** The argument that is the table. */
const creating: Readonly<Record<string, number>> = { proc_create: 3, proc_create_data: 3 };

export const fileOpsProc: Rule = {
  name: 'file-ops-proc',
  severity: 'error',
  summary: 'A proc entry is made with a `struct file_operations`, where the kernel wants a `struct proc_ops`.',
  tellsCompiling: true,
  versions: { since: { major: 5, minor: 6, patch: 0 } },
  check({ driver }) {
    return usesIn(driver, /\bproc_create(?:_data)?\b/).flatMap((uses) =>
      uses.expressions.flatMap((expression): Report[] => {
        if (expression.kind !== 'call' || expression.callee.kind !== 'name') return [];
        const table = expression.arguments[creating[expression.callee.name] ?? -1];
        if (table?.kind !== 'addressOf' || table.operand.kind !== 'name') return [];
        const type = uses.typeOf(table.operand.name);
        if (type?.kind !== 'tagged' || type.name !== 'file_operations') return [];
        const variable = driver.variables.get(table.operand.name);
        if (variable && driver.isUndecided(variable.file, variable.span)) return [];
        return [
          reportIn(
            uses,
            table.span,
            `\`${expression.callee.name}()\` takes a struct proc_ops since Linux 5.6, so this does not compile. Make one: .proc_mmap, .proc_open, .proc_read and so on.`,
            { fixes: asProcOps(driver, table.operand.name) },
          ),
        ];
      }),
    );
  },
};
