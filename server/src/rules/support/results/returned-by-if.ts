/** What a branch returns that does nothing else. */
import type { Expression, Statement } from '../../../syntax/ast.ts';

export function returnedBy(branch: Statement): Expression | undefined {
  const statement = branch.kind === 'block' && branch.statements.length === 1 ? branch.statements[0] : branch;
  return statement?.kind === 'return' ? statement.value : undefined;
}
