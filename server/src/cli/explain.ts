/** `driver-mmap explain`: the page of a rule, or what is known of a call, flag or slot of Linux. */
import { readRulePage } from '../host/rule-pages.ts';
import { hoverFact } from '../ide/hover-fact.ts';
import { renderText } from '../ide/hover-render.ts';
import { newestKernel, parseVersion } from '../kernel/version.ts';
import { ruleNamed } from '../rules/registry.ts';
import { type Arguments, UsageError } from './command.ts';
import type { Output } from './terminal.ts';

export async function runExplain(given: Arguments, output: Output): Promise<number> {
  const [name, ...more] = given.operands;
  if (name === undefined || more.length > 0) throw new UsageError('explain takes one name: a rule, a call, a flag or a handler slot.');
  const rule = ruleNamed(name);
  if (rule) {
    output.out(readRulePage(name) ?? `${rule.name} (${rule.severity})\n\n${rule.summary}\n`);
    return 0;
  }
  const version = parseVersion(given.text('kernel') ?? '') ?? newestKernel;
  const hover = hoverFact(name, version);
  if (!hover)
    throw new UsageError(`Neither a rule nor a call, flag or slot that driver-mmap knows: ${name}. driver-mmap rules lists the rules.`);
  output.out(`${renderText(hover)}\n`);
  return 0;
}
