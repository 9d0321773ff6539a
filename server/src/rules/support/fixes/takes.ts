/** Whether a call takes what somebody has to give back before a plain return is right. Knows names, and no rule. */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';

/** Words in the names of functions that give what somebody has to give back. */
const taking =
  /(?:^|_)(?:get|tryget|[a-z]*alloc|[a-z]*lock|trylock|hold|grab|find|lookup|acquire|create|open|start|begin|enter|pin|map|claim|request|ref)(?:_|$)/;
/** What a device or a file keeps for the driver, and what only computes, is none of it. */
const keeping = /drvdata|private|priv(?:_|$)|^vma_lookup$|^pci_resource_|^is_|unlock/;

/** Whether the expression, without its parts, is a call that takes something: by its name, or through a function of the driver. */
export function takes(driver: Driver, expression: Expression): boolean {
  if (expression.kind !== 'call') return false;
  if (expression.callee.kind !== 'name') return true;
  const { name } = expression.callee;
  if (isTaking(name)) return true;
  const body = driver.functions.has(name) ? driver.body(name)?.body : undefined;
  let found = false;
  if (body)
    walkBlock(body, {
      expression: (each) => {
        found ||= each.kind === 'call' && each.callee.kind === 'name' && isTaking(each.callee.name);
      },
    });
  return found;
}

function isTaking(name: string): boolean {
  return taking.test(name) && !keeping.test(name);
}
