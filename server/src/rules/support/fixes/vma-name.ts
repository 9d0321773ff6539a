/** What a function calls the vma that it is given. */
import type { FunctionDefinition } from '../../../syntax/ast.ts';

/** The name of the parameter that is the vma. */
export function vmaOf({ parameters }: Pick<FunctionDefinition, 'parameters'>): string | undefined {
  return parameters.find(({ type }) => type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === 'vm_area_struct')?.name;
}
