/** From a scenario to a run: its driver, the parameters of the request, and the kernels to compare. */
import * as vscode from 'vscode';
import { offeredKernels } from '../../server/src/protocol/kernels.ts';
import type { SimulateParams } from '../../server/src/protocol/requests.ts';
import { driverOf } from './scenario-file.ts';

/** What to ask the server for a scenario; a sentence when its driver is not there. */
export async function scenarioParams(uri: vscode.Uri, text: string): Promise<SimulateParams | string> {
  const scenarioUri = uri.toString();
  const { uri: driverUri, handler } = driverOf(scenarioUri, text);
  const driver = vscode.Uri.parse(driverUri);
  try {
    await vscode.workspace.fs.stat(driver);
  } catch {
    const name = vscode.workspace.asRelativePath(driver);
    return `There is no ${name}. Give the scenario the name of its driver or a line \`driver FILE\`, or simulate from the C file.`;
  }
  return { uri: driver.toString(), scenario: text, scenarioUri, ...(handler === undefined ? {} : { handler }) };
}

/** Asks for the kernels to run on; the ones that are maintained for long are chosen already. */
export async function pickKernels(): Promise<readonly string[] | undefined> {
  const longTerm = new Set(offeredKernels.slice(-6));
  const items = offeredKernels.map((label) => ({ label, picked: longTerm.has(label) }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: 'Run on Kernels',
    placeHolder: 'Linux versions to compare',
  });
  return picked && picked.length > 0 ? picked.map(({ label }) => label) : undefined;
}
