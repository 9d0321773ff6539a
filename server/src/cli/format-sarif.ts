/**
 * SARIF 2.1.0, for code scanning: files relative to %SRCROOT%, ranges from 1 in UTF-16 units, the page of each rule as its help, the
 * way to a finding as a code flow.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtifactLocation, Location, Log, ReportingDescriptor, Result } from 'sarif';
import { readRulePage } from '../host/rule-pages.ts';
import { whyNotProved } from '../ide/unproved.ts';
import type { CheckProblem, Finding, Severity } from '../protocol/findings.ts';
import type { Range } from '../protocol/position.ts';
import type { Rule } from '../rules/rule.ts';

export interface SarifInput {
  /** Of driver-mmap. */
  readonly version: string;
  readonly rules: readonly Rule[];
  readonly findings: readonly Finding[];
  /** One for each finding. */
  readonly fingerprints: readonly string[];
  readonly problems: readonly CheckProblem[];
  /** The folder that paths are relative to. */
  readonly root: string;
}

const levels: Readonly<Record<Severity, Result.level>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

export function formatSarif(input: SarifInput): string {
  const { version, rules, findings, fingerprints, problems, root } = input;
  const base = pathToFileURL(`${root}${path.sep}`).href;
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'driver-mmap', version, semanticVersion: version, rules: rules.map(descriptor) } },
        automationDetails: { id: 'driver-mmap/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { uri: base } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: problems.map((problem) => ({
              level: 'note',
              message: { text: problem.message },
              locations: [{ physicalLocation: { artifactLocation: artifact(problem.file, root) } }],
            })),
          },
        ],
        results: findings.map((finding, index) => resultOf(finding, fingerprints[index] ?? '', rules, root)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 1)}\n`;
}

function descriptor(rule: Rule): ReportingDescriptor {
  const page = readRulePage(rule.name);
  return {
    id: rule.name,
    shortDescription: { text: rule.summary },
    defaultConfiguration: { level: levels[rule.severity] },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
  };
}

function resultOf(finding: Finding, fingerprint: string, rules: readonly Rule[], root: string): Result {
  const unproved = whyNotProved(finding);
  const own = locationOf(finding.file, finding.range, root);
  const related = finding.related.map((each) => ({ ...locationOf(each.file, each.range, root), message: { text: each.message } }));
  const flow = [...related, { ...own, message: { text: finding.message } }];
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((rule) => rule.name === finding.rule),
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ ...own, ...(finding.function === '' ? {} : { logicalLocations: [{ name: finding.function, kind: 'function' }] }) }],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((location, id) => ({ id, ...location })),
          codeFlows: [{ threadFlows: [{ locations: flow.map((location, index) => ({ location, executionOrder: index + 1 })) }] }],
        }
      : {}),
    partialFingerprints: { 'driverMmap/v1': fingerprint },
    properties: {
      confidence: finding.confidence,
      ...(finding.witness === undefined ? {} : { witness: finding.witness }),
      ...(unproved === undefined ? {} : { unproved }),
    },
  };
}

function locationOf(file: string, { start, end }: Range, root: string): Location {
  return {
    physicalLocation: {
      artifactLocation: artifact(file, root),
      region: { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 },
    },
  };
}

/** Relative below the root, so that a log means the same on another machine. */
function artifact(file: string, root: string): ArtifactLocation {
  const relative = path.relative(root, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return { uri: pathToFileURL(file).href };
  return { uri: relative.split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
